-- model: rule_candidate
-- layer: journeys
-- grain: one row per signature and rule that can still win
-- key: signature_id, rule_set, rule_id
-- reads: signature_rule
-- why: leaves the best rule that asks nothing of the past, and the better ones that do
with

certain_rule as (

    select
        signature_id,
        rule_set,
        min(priority) as best_priority
    from signature_rule
    where not has_history
    group by signature_id, rule_set

)

select
    signature_rule.signature_id,
    signature_rule.rule_set,
    signature_rule.rule_id,
    signature_rule.priority,
    signature_rule.has_history
from signature_rule
-- many to one
left join certain_rule
    on
        signature_rule.signature_id = certain_rule.signature_id
        and signature_rule.rule_set = certain_rule.rule_set
where
    certain_rule.best_priority is null
    or signature_rule.priority <= certain_rule.best_priority
