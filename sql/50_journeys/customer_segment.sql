-- model: customer_segment
-- layer: journeys
-- grain: one row per customer with an event that shows a stage
-- key: person_id
-- not_null: segment
-- reads: person_event, event_rule, segment_rule, run_setting
-- why: the silence of a customer is judged before journeys are cut, by the same first facts
with

showing_event as (

    select
        event_id,
        person_id,
        event_no,
        row_number() over (
            partition by person_id
            order by event_no
        ) as showing_no
    from person_event
    cross join run_setting
    where stage_seen is not null and occurred_at <= as_of

),

recognised_event as (

    select
        showing_event.person_id,
        arg_min(segment_rule.segment, showing_event.event_no) as segment
    from showing_event
    -- one to one at most, then many to one
    inner join event_rule on showing_event.event_id = event_rule.event_id
    inner join segment_rule on event_rule.rule_id = segment_rule.rule_id
    cross join run_setting
    where
        event_rule.rule_set = 'segment'
        and (showing_event.showing_no = 1 or run_setting.segment_facts = 'first_match')
    group by showing_event.person_id

)

select
    showing_event.person_id,
    coalesce(recognised_event.segment, 'unknown') as segment
from showing_event
left join recognised_event on showing_event.person_id = recognised_event.person_id
where showing_event.showing_no = 1
