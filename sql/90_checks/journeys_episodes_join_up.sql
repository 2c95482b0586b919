-- model: journeys_episodes_join_up
-- layer: checks
-- grain: one row per stage episode that leaves a gap to the next, or ends before it begins
-- key: journey_id, episode_no
-- reads: stage_episode
-- why: the time at risk of a journey is neither lost nor counted twice between its stages
-- severity: error
with

linked_episode as (

    select
        journey_id,
        episode_no,
        entered_at,
        exited_at,
        lead(entered_at) over (
            partition by journey_id
            order by episode_no
        ) as next_entered_at
    from stage_episode

)

select
    journey_id,
    episode_no
from linked_episode
where
    exited_at < entered_at
    or (next_entered_at is not null and next_entered_at is distinct from exited_at)
