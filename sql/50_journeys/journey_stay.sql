-- model: journey_stay
-- layer: journeys
-- grain: one row per unbroken stay in a stage within a journey
-- key: journey_id, episode_no
-- not_null: stage, entered_at, is_blind_entry
-- reads: journey_step, stage, run_setting
-- why: finds where a journey changes its stage, before anything is said of causes
with

turned_step as (

    select
        journey_id,
        step_no,
        stage,
        channel,
        occurred_at,
        last_value(case when is_life_sign then occurred_at end ignore nulls) over (
            partition by journey_id
            order by step_no
            rows between unbounded preceding and 1 preceding
        ) as prior_sign_at,
        case
            when
                stage = lag(stage) over (
                    partition by journey_id
                    order by step_no
                )
                then 0
            else 1
        end as is_entry
    from journey_step

),

staying_step as (

    select
        journey_id,
        step_no,
        stage,
        channel,
        occurred_at,
        prior_sign_at,
        is_entry,
        sum(is_entry) over (
            partition by journey_id
            order by step_no
            rows between unbounded preceding and current row
        ) as episode_no
    from turned_step

)

select
    staying_step.journey_id,
    cast(staying_step.episode_no as bigint) as episode_no,
    staying_step.stage,
    stage.stage_no,
    min(staying_step.occurred_at) as entered_at,
    count(*) as event_count,
    -- the first sight after observation began tells a stage, but not since when
    max(
        case
            when
                staying_step.is_entry = 1
                and staying_step.channel <> 'crm'
                and staying_step.prior_sign_at < run_setting.observed_from
                and staying_step.occurred_at >= run_setting.observed_from
                then 1
            else 0
        end
    ) = 1 as is_blind_entry
from staying_step
-- many to one
inner join stage on staying_step.stage = stage.stage
cross join run_setting
group by
    staying_step.journey_id,
    staying_step.episode_no,
    staying_step.stage,
    stage.stage_no
