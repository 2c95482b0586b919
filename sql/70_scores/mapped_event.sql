-- model: mapped_event
-- layer: scores
-- grain: one row per segment
-- key: segment
-- reads: person_event, journey_step, segment_member
-- why: how many events a stage rule recognised; for all also counts events that stand in no journey
with

placed_event as (

    select
        person_event.event_id,
        person_event.person_id,
        journey_step.journey_id,
        case when person_event.rule_id is null then 0 else 1 end as is_mapped,
        coalesce(segment_member.segment, '') as own_segment
    from person_event
    -- at most one journey per event, one segment per journey
    left join journey_step
        on person_event.event_id = journey_step.event_id
    left join segment_member
        on journey_step.journey_id = segment_member.journey_id

),

counted as (

    select
        coalesce(own_segment, 'all') as segment,
        cast(sum(is_mapped) as bigint) as mapped_count,
        count(*) as event_count,
        count(distinct person_id) as customer_count,
        count(distinct journey_id) as journey_count
    from placed_event
    group by grouping sets ((own_segment), ())

)

select
    segment,
    mapped_count,
    event_count,
    customer_count,
    journey_count
from counted
where segment <> '' and event_count > 0
