-- model: touchpoint_use
-- layer: scores
-- grain: one row per segment, stage and touchpoint that occurred in it
-- key: segment, stage, touchpoint
-- reads: journey_step, segment_member, sentiment
-- why: how many customers meet us where, and how they sound there; one customer has one vote
with

scored_step as (

    -- scores are summed as whole millionths: a sum of integers does not depend on the order of rows
    select
        segment_member.segment as own_segment,
        journey_step.stage,
        coalesce(nullif(journey_step.touchpoint, ''), 'other') as met_touchpoint,
        journey_step.person_id,
        journey_step.journey_id,
        cast(floor(sentiment.score * 1000000 + 0.5) as bigint) as score_millionths
    from journey_step
    -- one segment per journey, at most one score per event
    inner join segment_member
        on journey_step.journey_id = segment_member.journey_id
    left join sentiment
        on journey_step.event_id = sentiment.event_id
    where nullif(journey_step.stage, '') is not null

),

customer_use as (

    select
        coalesce(own_segment, 'all') as segment,
        stage,
        met_touchpoint,
        person_id,
        count(*) as event_count,
        count(distinct journey_id) as journey_count,
        cast(floor(
            sum(score_millionths) / cast(nullif(count(score_millionths), 0) as double) + 0.5
        ) as bigint) as mean_millionths
    from scored_step
    group by
        grouping sets (
            (own_segment, stage, met_touchpoint, person_id), (stage, met_touchpoint, person_id)
        )

)

select
    segment,
    stage,
    met_touchpoint as touchpoint,
    cast(sum(event_count) as bigint) as event_count,
    cast(sum(journey_count) as bigint) as journey_count,
    count(*) as customer_count,
    count(mean_millionths) as voice_count,
    sum(mean_millionths)
    / cast(nullif(count(mean_millionths), 0) as double) / 1000000 as voice_mean
from customer_use
group by segment, stage, met_touchpoint
