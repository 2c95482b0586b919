-- model: device_span
-- layer: identity_rounds
-- grain: one row per device that was handed over, and person who had it
-- key: node_no, span_no
-- reads: device_login
-- not_null: group_no, from_at
-- why: a device that passes from one person to the next is split in time; one used in turns stays shared
with

stepped as (

    select
        node_no,
        event_id,
        occurred_at,
        group_no,
        lag(group_no) over (
            partition by node_no
            order by occurred_at, event_id
        ) as group_before_no
    from device_login

),

began as (

    select
        node_no,
        group_no,
        occurred_at as from_at,
        row_number() over (
            partition by node_no
            order by occurred_at, event_id
        ) as span_no
    from stepped
    where
        group_before_no is null
        or group_before_no <> group_no

),

handed as (

    select node_no
    from began
    group by node_no
    -- whoever comes back to the device was sharing it
    having count(*) = count(distinct group_no)

)

select
    began.node_no,
    began.span_no,
    began.group_no,
    began.from_at,
    lead(began.from_at) over (
        partition by began.node_no
        order by began.span_no
    ) as until_at
from began
-- one row per device that was handed over
inner join handed
    on handed.node_no = began.node_no
