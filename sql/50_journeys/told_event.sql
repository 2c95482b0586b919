-- model: told_event
-- layer: journeys
-- grain: one row per event of a matter of which two sources told the same person
-- key: event_id
-- not_null: person_id, source, matter, is_held, slot_no
-- reads: person_timeline, event_rule, stage_rule, flagged_event, event_object, event_text
-- why: the only events that can be told twice, and whether they hold what must not be lost
with

held_event as (

    select event_id
    from event_object
    union
    select event_id
    from event_text

),

matter_event as (

    select
        person_timeline.event_id,
        person_timeline.member_id as person_id,
        person_timeline.source,
        person_timeline.timeline_no,
        person_timeline.occurred_at,
        stage_rule.touchpoint || '␟' || coalesce(stage_rule.stage, '') as matter,
        held_event.event_id is not null or person_timeline.score_norm is not null as is_held
    from person_timeline
    -- many to one, each
    inner join event_rule on person_timeline.event_id = event_rule.event_id
    inner join stage_rule on event_rule.rule_id = stage_rule.rule_id
    left join flagged_event on person_timeline.event_id = flagged_event.event_id
    left join held_event on person_timeline.event_id = held_event.event_id
    where
        event_rule.rule_set = 'stage'
        and stage_rule.touchpoint is not null
        -- an outcome is a fact of its source and never folded away
        and stage_rule.outcome is null
        and flagged_event.event_id is null

)

select
    event_id,
    person_id,
    source,
    timeline_no,
    occurred_at,
    matter,
    is_held,
    -- five minutes long, so that pairs are sought among neighbours only
    cast(
        floor(
            date_diff(
                'second',
                cast('2000-01-01 00:00:00' as timestamp),
                date_trunc('second', occurred_at)
            ) / cast(300 as double)
        ) as bigint
    ) as slot_no
from matter_event
qualify
    min(source) over (partition by person_id, matter)
    <> max(source) over (partition by person_id, matter)
