-- model: event_identifiers
-- layer: events
-- grain: one row per call and number of the customer
-- key: stream, natural_key, kind, value
-- reads: stg_mango__calls
-- why: the customer is the caller of an incoming call and the called of an outgoing one; other numbers are our own
with

leg as (

    select
        entry_id,
        from_extension,
        to_extension,
        from_phone,
        to_phone,
        row_number() over (
            partition by entry_id
            order by started_at, coalesce(to_extension, ''), _row_key
        ) as leg_no
    from stg_mango__calls

)

select
    'calls' as stream,
    concat('call:', entry_id) as natural_key,
    'phone' as kind,
    case when from_extension is null then from_phone else to_phone end as value
from leg
where leg_no = 1
    and case when from_extension is null then from_phone else to_phone end is not null
