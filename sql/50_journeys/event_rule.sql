-- model: event_rule
-- layer: journeys
-- grain: one row per event and rule set in which a rule holds
-- key: event_id, rule_set
-- not_null: rule_id
-- reads: person_timeline, rule_candidate, rule_history, kind_first
-- why: the smallest priority wins, once what happened earlier to the same person is known
with

history_test as (

    select
        person_timeline.event_id,
        rule_candidate.rule_set,
        rule_candidate.rule_id,
        rule_candidate.priority,
        max(case when rule_history.is_after then 1 else 0 end) as asks_after,
        max(
            case
                when rule_history.is_after and kind_first.first_no < person_timeline.timeline_no
                    then 1
                else 0
            end
        ) as is_after,
        max(
            case
                when not rule_history.is_after and kind_first.first_no < person_timeline.timeline_no
                    then 1
                else 0
            end
        ) as is_barred
    from person_timeline
    -- many to many: an event has few candidates, a candidate few kinds to ask about
    inner join rule_candidate on person_timeline.signature_id = rule_candidate.signature_id
    inner join rule_history
        on
            rule_candidate.rule_set = rule_history.rule_set
            and rule_candidate.rule_id = rule_history.rule_id
    left join kind_first
        on
            person_timeline.person_id = kind_first.person_id
            and rule_history.event_kind = kind_first.event_kind
    where rule_candidate.has_history
    group by
        person_timeline.event_id,
        rule_candidate.rule_set,
        rule_candidate.rule_id,
        rule_candidate.priority

),

holding_rule as (

    select
        person_timeline.event_id,
        rule_candidate.rule_set,
        rule_candidate.rule_id,
        rule_candidate.priority
    from person_timeline
    inner join rule_candidate on person_timeline.signature_id = rule_candidate.signature_id
    where not rule_candidate.has_history
    union all
    select
        event_id,
        rule_set,
        rule_id,
        priority
    from history_test
    where is_after >= asks_after and is_barred = 0

)

select
    event_id,
    rule_set,
    arg_min(rule_id, priority) as rule_id
from holding_rule
group by event_id, rule_set
