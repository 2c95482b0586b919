-- model: journey_segment
-- layer: journeys
-- grain: one row per journey
-- key: journey_id
-- not_null: segment
-- reads: journey, journey_step, event_rule, segment_rule, run_setting
-- why: a segment rests on what was known when the journey began (also from earlier journeys), never on how it went on
with

recognised_step as (

    select
        journey_step.journey_id,
        arg_min(segment_rule.segment, journey_step.step_no) as segment
    from journey_step
    -- one to one, then many to one
    inner join event_rule on journey_step.event_id = event_rule.event_id
    inner join segment_rule on event_rule.rule_id = segment_rule.rule_id
    cross join run_setting
    where
        event_rule.rule_set = 'segment'
        and (journey_step.step_no = 1 or run_setting.segment_facts = 'first_match')
    group by journey_step.journey_id

)

select
    journey.journey_id,
    coalesce(
        recognised_step.segment,
        -- someone who comes back is who he was
        last_value(recognised_step.segment ignore nulls) over (
            partition by journey.person_id
            order by journey.journey_no
            rows between unbounded preceding and 1 preceding
        ),
        'unknown'
    ) as segment
from journey
-- one to at most one
left join recognised_step on journey.journey_id = recognised_step.journey_id
