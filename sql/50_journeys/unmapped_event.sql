-- model: unmapped_event
-- layer: journeys
-- grain: one row per event that no rule knows
-- key: event_id
-- reads: person_event, person_timeline
-- why: the stages shown just before and after an unknown event hint at where it belongs
with

neighboured_event as (

    select
        person_event.event_id,
        person_event.rule_id,
        person_timeline.source,
        person_timeline.event_kind,
        coalesce(person_timeline.activity_raw, '') as activity_raw,
        person_event.person_id,
        lag(person_event.stage_seen) over (
            partition by person_event.person_id
            order by person_event.event_no
        ) as stage_before,
        lead(person_event.stage_seen) over (
            partition by person_event.person_id
            order by person_event.event_no
        ) as stage_after
    from person_event
    -- one to one
    inner join person_timeline on person_event.event_id = person_timeline.event_id

)

select
    event_id,
    source,
    event_kind,
    activity_raw,
    person_id,
    stage_before,
    stage_after
from neighboured_event
where rule_id is null
