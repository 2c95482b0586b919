-- model: stage_flow
-- layer: paths
-- grain: one row per segment, stage and what came after its first entry
-- key: segment, stage, next_stage
-- reads: stage_episode, journey, segment_member
-- why: links of the stage Sankey; each journey passes a stage once, in order of first entries, so flows add up
with

first_entry as (

    select
        journey_id,
        stage,
        min(episode_no) as episode_no
    from stage_episode
    group by journey_id, stage

),

entry_followed as (

    select
        first_entry.journey_id,
        first_entry.stage,
        journey.person_id,
        journey.ending,
        segment_member.segment as own_segment,
        lead(first_entry.stage) over (
            partition by first_entry.journey_id order by first_entry.episode_no
        ) as new_stage
    from first_entry
    -- one journey per entry
    inner join journey
        on first_entry.journey_id = journey.journey_id
    -- one segment per journey
    inner join segment_member
        on first_entry.journey_id = segment_member.journey_id

),

link as (

    select
        own_segment,
        journey_id,
        person_id,
        stage,
        coalesce(new_stage, ending) as follower
    from entry_followed

)

select
    coalesce(own_segment, 'all') as segment,
    stage,
    follower as next_stage,
    count(distinct journey_id) as journey_count,
    count(distinct person_id) as customer_count
from link
group by grouping sets ((own_segment, stage, follower), (stage, follower))
