-- model: pattern_trial
-- layer: journeys
-- grain: one row per pattern of a rule
-- key: rule_set, rule_id, slot
-- reads: rule_condition
-- why: tries every pattern on the empty text, so that a malformed one is named before any work is done
select
    rule_set,
    rule_id,
    slot,
    regexp_matches('', operand) as is_met_by_nothing
from rule_condition
where is_pattern
