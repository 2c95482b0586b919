-- model: signature_rule
-- layer: journeys
-- grain: one row per signature and rule whose conditions hold, what happened before left aside
-- key: signature_id, rule_set, rule_id
-- reads: event_signature, signature_value, rule_predicate, rule_condition, pattern_match
-- why: a rule holds when every slot of its `when` is met by one of its values or by its pattern
with

met_slot as (

    select
        signature_value.signature_id,
        rule_condition.rule_set,
        rule_condition.rule_id,
        rule_condition.slot
    from signature_value
    -- many to many: a value can be named by several rules
    inner join rule_condition
        on
            signature_value.field = rule_condition.field
            and signature_value.field_value = rule_condition.operand
    where not rule_condition.is_pattern
    union all
    select
        signature_value.signature_id,
        rule_condition.rule_set,
        rule_condition.rule_id,
        rule_condition.slot
    from signature_value
    inner join pattern_match
        on
            signature_value.field = pattern_match.field
            and signature_value.field_value = pattern_match.field_value
    inner join rule_condition
        on
            pattern_match.field = rule_condition.field
            and pattern_match.pattern = rule_condition.operand
    where rule_condition.is_pattern

),

met_count as (

    select
        signature_id,
        rule_set,
        rule_id,
        count(distinct slot) as slot_count
    from met_slot
    group by signature_id, rule_set, rule_id

)

select
    event_signature.signature_id,
    rule_predicate.rule_set,
    rule_predicate.rule_id,
    rule_predicate.priority,
    rule_predicate.has_history
from event_signature
cross join rule_predicate
-- one to one at most
left join met_count
    on
        event_signature.signature_id = met_count.signature_id
        and rule_predicate.rule_set = met_count.rule_set
        and rule_predicate.rule_id = met_count.rule_id
where
    coalesce(met_count.slot_count, 0) = rule_predicate.slot_count
    -- a comparison with no score is not true, as it should be
    and (rule_predicate.score_min is null or event_signature.score_norm >= rule_predicate.score_min)
    and (rule_predicate.score_max is null or event_signature.score_norm <= rule_predicate.score_max)
