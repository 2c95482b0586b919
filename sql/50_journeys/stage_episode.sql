-- model: stage_episode
-- layer: journeys
-- grain: one row per unbroken stay in a stage within a journey
-- key: journey_id, episode_no
-- not_null: person_id, stage, entered_at, cause, delay_days
-- reads: journey_stay, journey, journey_ending, run_setting
-- why: the unit of drop-off: time at risk, and how the stay ended
with

linked_stay as (

    select
        journey_id,
        episode_no,
        stage,
        stage_no,
        entered_at,
        event_count,
        is_blind_entry,
        lead(is_blind_entry, 1, false) over (
            partition by journey_id
            order by episode_no
        ) as is_blind_exit,
        lead(stage) over (
            partition by journey_id
            order by episode_no
        ) as next_stage,
        lead(stage_no) over (
            partition by journey_id
            order by episode_no
        ) as next_stage_no,
        lead(entered_at) over (
            partition by journey_id
            order by episode_no
        ) as left_at,
        row_number() over (
            partition by journey_id, stage
            order by episode_no
        ) as visit_no
    from journey_stay

)

select
    linked_stay.journey_id,
    linked_stay.episode_no,
    journey.person_id,
    linked_stay.stage,
    linked_stay.entered_at,
    coalesce(linked_stay.left_at, journey.ended_at) as exited_at,
    coalesce(linked_stay.left_at, journey.ended_at) as exit_known_at,
    case
        when linked_stay.next_stage_no > linked_stay.stage_no then 'progress'
        when linked_stay.next_stage_no < linked_stay.stage_no then 'back'
        when journey.ending = 'won' then 'progress'
        when journey.ending in ('lost', 'silent') then 'lost'
        else 'open'
    end as cause,
    case
        when linked_stay.next_stage is not null then null
        when journey.ending = 'lost' then 'status'
        when journey.ending = 'silent' then 'silence'
    end as lost_how,
    linked_stay.next_stage,
    linked_stay.event_count,
    case
        when linked_stay.entered_at < run_setting.observed_from
            then
                cast(
                    date_diff(
                        'second',
                        date_trunc('second', linked_stay.entered_at),
                        date_trunc('second', run_setting.observed_from)
                    ) as double
                ) / 86400
        else cast(0 as double)
    end as delay_days,
    -- a stay counts when its entry is dated, and its exit is not lost in the time before observation
    not (linked_stay.episode_no = 1 and not journey_ending.is_first_entry_dated)
    and not linked_stay.is_blind_entry
    and not linked_stay.is_blind_exit as is_entry_observed,
    linked_stay.visit_no = 1 as is_first_entry
from linked_stay
-- many to one, each
inner join journey on linked_stay.journey_id = journey.journey_id
inner join journey_ending on linked_stay.journey_id = journey_ending.journey_id
cross join run_setting
