-- model: person_event
-- layer: journeys
-- grain: one row per event of a person that counts
-- key: event_id
-- not_null: person_id, member_id, event_no, occurred_at, is_life_sign
-- reads: person_timeline, event_rule, stage_rule, excluded_event, bulk_event
-- why: events with their touchpoint and stage; everything after reads only these
select
    person_timeline.event_id,
    person_timeline.person_id,
    person_timeline.member_id,
    row_number() over (
        partition by person_timeline.person_id
        order by person_timeline.timeline_no
    ) as event_no,
    person_timeline.event_kind,
    person_timeline.channel,
    person_timeline.source,
    person_timeline.occurred_at,
    person_timeline.order_key,
    person_timeline.ts_quality,
    event_rule.rule_id,
    stage_rule.touchpoint,
    stage_rule.stage as stage_seen,
    stage_rule.outcome,
    -- what a robot or an agent books says nothing of the customer, unless it moves or ends the journey,
    -- and a move among fifty others of its minute says nothing either
    coalesce(
        person_timeline.actor_type = 'customer'
        or (stage_rule.stage is not null and bulk_event.event_id is null)
        or stage_rule.outcome is not null,
        false
    ) as is_life_sign
from person_timeline
-- one to one at most, each
left join event_rule
    on person_timeline.event_id = event_rule.event_id and event_rule.rule_set = 'stage'
left join stage_rule on event_rule.rule_id = stage_rule.rule_id
left join excluded_event on person_timeline.event_id = excluded_event.event_id
left join bulk_event on person_timeline.event_id = bulk_event.event_id
where excluded_event.event_id is null
