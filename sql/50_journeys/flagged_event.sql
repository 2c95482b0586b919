-- model: flagged_event
-- layer: journeys
-- grain: one row per event that is no act of a customer
-- key: event_id
-- not_null: exclude, reason
-- reads: event, person_timeline, event_rule, stage_rule, staff_person, crowded_person
-- why: bots, staff and tests are told from customers by the source, by a rule, or by their pace
with

ruled_event as (

    select
        event_rule.event_id,
        stage_rule.exclude,
        'rule ' || stage_rule.rule_id as reason
    from event_rule
    -- many to one
    inner join stage_rule on event_rule.rule_id = stage_rule.rule_id
    where event_rule.rule_set = 'stage' and stage_rule.exclude is not null

)

select
    event_id,
    exclude,
    coalesce(exclude_reason, 'source') as reason
from event
where exclude is not null
union all
select
    event_id,
    exclude,
    reason
from ruled_event
union all
select
    person_timeline.event_id,
    case when staff_person.person_id is not null then 'internal' else 'bot' end as exclude,
    case
        when staff_person.person_id is not null then 'person of the own domain'
        else crowded_person.reason
    end as reason
from person_timeline
-- at most one each
left join staff_person on person_timeline.member_id = staff_person.person_id
left join crowded_person
    on
        person_timeline.member_id = crowded_person.person_id
        and person_timeline.channel = 'web'
left join ruled_event on person_timeline.event_id = ruled_event.event_id
where
    ruled_event.event_id is null
    and (staff_person.person_id is not null or crowded_person.person_id is not null)
