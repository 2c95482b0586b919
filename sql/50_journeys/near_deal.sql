-- model: near_deal
-- layer: journeys
-- grain: one row per event that falls into the window of a deal of its person, where journeys follow deals
-- key: event_id
-- not_null: deal_count
-- reads: person_event, deal_window, run_setting
-- why: counts the windows open at each event in one walk through opening and closing times
with

numbered_window as (

    select
        person_id,
        deal_id,
        opens_at,
        closes_at,
        row_number() over (partition by person_id order by deal_id) as deal_no
    from deal_window

),

moment as (

    -- at one instant windows open first and close last, so that both bounds belong to them
    select
        person_id,
        opens_at as happened_at,
        0 as turn_no,
        cast(null as varchar) as event_id,
        1 as opened_count,
        deal_no as opened_no
    from numbered_window
    union all
    select
        person_id,
        closes_at as happened_at,
        2 as turn_no,
        cast(null as varchar) as event_id,
        -1 as opened_count,
        -deal_no as opened_no
    from numbered_window
    union all
    select
        person_event.person_id,
        person_event.occurred_at as happened_at,
        1 as turn_no,
        person_event.event_id,
        0 as opened_count,
        0 as opened_no
    from person_event
    cross join run_setting
    where run_setting.unit = 'deal'

),

counted_moment as (

    select
        event_id,
        person_id,
        sum(opened_count) over (
            partition by person_id
            order by happened_at, turn_no
        ) as deal_count,
        -- while one window is open, the sum of the open numbers is its number
        sum(opened_no) over (
            partition by person_id
            order by happened_at, turn_no
        ) as deal_no
    from moment

)

select
    counted_moment.event_id,
    case when counted_moment.deal_count = 1 then numbered_window.deal_id end as deal_id,
    cast(counted_moment.deal_count as bigint) as deal_count
from counted_moment
-- at most one: numbers of several open deals may add up to that of another
left join numbered_window
    on
        counted_moment.person_id = numbered_window.person_id
        and counted_moment.deal_no = numbered_window.deal_no
where counted_moment.event_id is not null and counted_moment.deal_count > 0
