-- model: episode_entry
-- layer: scores
-- grain: one row per stage episode with a dated entry
-- key: journey_id, episode_no
-- reads: episode_time, stage_episode, journey_step, event
-- why: what was known of a customer when a stay began, and nothing that came later
with

told_step as (

    select
        journey_step.journey_id,
        journey_step.step_no,
        journey_step.channel,
        date_trunc('second', journey_step.occurred_at) as occurred_second,
        event.source,
        event.event_kind,
        nullif(event.customer_type, '') as customer_type,
        nullif(event.utm_source, '') as utm_source,
        nullif(event.utm_medium, '') as utm_medium
    from journey_step
    -- one to one
    inner join event
        on journey_step.event_id = event.event_id

),

linked_episode as (

    select
        journey_id,
        episode_no,
        date_trunc('second', entered_at) as entered_second,
        lag(stage) over (partition by journey_id order by episode_no) as previous_stage
    from stage_episode

)

-- everything up to the moment of the entry, the entry's own event included
select
    linked_episode.journey_id,
    linked_episode.episode_no,
    linked_episode.previous_stage,
    arg_max(told_step.channel, told_step.step_no) as channel,
    arg_max(told_step.source, told_step.step_no) as source,
    arg_max(told_step.customer_type, told_step.step_no) filter (
        where told_step.customer_type is not null
    ) as customer_type,
    arg_min(told_step.utm_source, told_step.step_no) filter (
        where told_step.utm_source is not null
    ) as utm_source,
    arg_min(told_step.utm_medium, told_step.step_no) filter (
        where told_step.utm_medium is not null
    ) as utm_medium,
    count(*) filter (
        where told_step.occurred_second < linked_episode.entered_second
    ) as touch_count,
    count(*) filter (
        where
        told_step.event_kind = 'ticket_created'
        and told_step.occurred_second < linked_episode.entered_second
    ) as ticket_count
from linked_episode
-- one to one
inner join episode_time
    on
        linked_episode.journey_id = episode_time.journey_id
        and linked_episode.episode_no = episode_time.episode_no
inner join told_step
    on
        linked_episode.journey_id = told_step.journey_id
        and linked_episode.entered_second >= told_step.occurred_second
group by linked_episode.journey_id, linked_episode.episode_no, linked_episode.previous_stage
