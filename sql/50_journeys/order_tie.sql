-- model: order_tie
-- layer: journeys
-- grain: one row per segment, and one for all
-- key: segment
-- not_null: tied_count, event_count, customer_count, journey_count
-- reads: person_event, journey_step, segment_member, run_setting
-- why: how many events have their place in the order from a rule, because clocks do not tell it
with

timed_event as (

    select
        event_id,
        person_id,
        case
            when ts_quality = 'date_only'
                then count(*) over (partition by person_id, date_trunc('day', occurred_at)) > 1
            else
                sum(case when ts_quality = 'date_only' then 0 else 1 end) over (
                    partition by person_id, occurred_at
                ) > 1
        end as is_tied
    from person_event
    cross join run_setting
    where occurred_at <= as_of

),

placed_event as (

    select
        timed_event.person_id,
        journey_step.journey_id,
        case when timed_event.is_tied then 1 else 0 end as is_tied,
        coalesce(segment_member.segment, '') as own_segment
    from timed_event
    -- at most one journey per event, one segment per journey
    left join journey_step on timed_event.event_id = journey_step.event_id
    left join segment_member on journey_step.journey_id = segment_member.journey_id

),

counted as (

    select
        coalesce(own_segment, 'all') as segment,
        cast(sum(is_tied) as bigint) as tied_count,
        count(*) as event_count,
        count(distinct person_id) as customer_count,
        count(distinct journey_id) as journey_count
    from placed_event
    group by grouping sets ((own_segment), ())

)

select
    segment,
    tied_count,
    event_count,
    customer_count,
    journey_count
from counted
where segment <> '' and event_count > 0
