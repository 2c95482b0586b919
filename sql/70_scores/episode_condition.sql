-- model: episode_condition
-- layer: scores
-- grain: one row per stage episode with a dated entry and thing known of it
-- key: journey_id, episode_no, condition
-- reads: episode_answer, episode_entry
-- why: what was known when a stay began, and how soon it was answered: what root causes are searched among
-- not_null: condition, condition_value
with

stay_condition as (

    select
        journey_id,
        episode_no,
        'first_answer' as condition,
        first_answer as condition_value
    from episode_answer
    union all
    select
        journey_id,
        episode_no,
        'entry_channel' as condition,
        channel as condition_value
    from episode_entry
    union all
    select
        journey_id,
        episode_no,
        'entry_source' as condition,
        source as condition_value
    from episode_entry
    union all
    select
        journey_id,
        episode_no,
        'customer_type' as condition,
        customer_type as condition_value
    from episode_entry
    union all
    select
        journey_id,
        episode_no,
        'utm_source' as condition,
        coalesce(utm_source, 'none') as condition_value
    from episode_entry
    union all
    select
        journey_id,
        episode_no,
        'utm_medium' as condition,
        coalesce(utm_medium, 'none') as condition_value
    from episode_entry
    union all
    select
        journey_id,
        episode_no,
        'ticket_before' as condition,
        case when ticket_count > 0 then 'yes' else 'no' end as condition_value
    from episode_entry
    union all
    select
        journey_id,
        episode_no,
        'touches_before' as condition,
        case
            when touch_count = 0 then '0'
            when touch_count <= 3 then '1-3'
            when touch_count <= 9 then '4-9'
            else '10+'
        end as condition_value
    from episode_entry
    union all
    select
        journey_id,
        episode_no,
        'previous_stage' as condition,
        coalesce(previous_stage, 'none') as condition_value
    from episode_entry

)

select
    journey_id,
    episode_no,
    condition,
    condition_value
from stay_condition
where nullif(condition_value, '') is not null
