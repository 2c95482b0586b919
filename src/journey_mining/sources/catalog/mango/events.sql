-- model: events
-- layer: events
-- grain: one row per call
-- key: stream, natural_key
-- reads: stg_mango__calls
-- why: a call has one line for each telephone that rang, and is answered if any of them was taken
with

told as (

    select
        entry_id,
        min(started_at) as started_at,
        min(answered_at) as answered_at,
        max(finished_at) as finished_at,
        -- who called is said by the first line of a call
        max(case when leg_no = 1 and from_extension is not null then 1 else 0 end) as is_outgoing,
        max(to_phone) as to_phone,
        max(case when leg_no = 1 then _file_id end) as file_id,
        max(case when leg_no = 1 then _line end) as line,
        count(*) as leg_count
    from (
        select
            entry_id,
            started_at,
            answered_at,
            finished_at,
            from_extension,
            to_extension,
            to_phone,
            _file_id,
            _line,
            row_number() over (
                partition by entry_id
                order by started_at, coalesce(to_extension, ''), _row_key
            ) as leg_no
        from stg_mango__calls
    ) as leg
    group by entry_id

)

select
    'calls' as stream,
    concat('call:', entry_id) as natural_key,
    'call' as event_kind,
    case
        when is_outgoing = 1 and to_phone is null then 'Внутренний звонок'
        when is_outgoing = 1 and answered_at is null then 'Исходящий звонок без ответа'
        when is_outgoing = 1 then 'Исходящий звонок'
        when answered_at is null then 'Пропущенный звонок'
        else 'Входящий звонок'
    end as activity_raw,
    started_at as occurred_at,
    'exact' as ts_quality,
    case when is_outgoing = 1 then 'agent' else 'customer' end as actor_type,
    'phone' as channel,
    case
        when is_outgoing = 1 and to_phone is null then 'internal'
        when is_outgoing = 1 then 'out'
        else 'in'
    end as direction,
    case when is_outgoing = 1 and to_phone is null then 'internal' end as exclude,
    case when is_outgoing = 1 and to_phone is null then 'between extensions' end as exclude_reason,
    concat(
        '{"answered": ',
        case when answered_at is null then 'false' else 'true' end,
        ', "talk_seconds": ',
        cast(
            case
                when answered_at is null or finished_at is null then 0
                else date_diff('second', answered_at, finished_at)
            end as varchar
        ),
        ', "telephones": ',
        cast(leg_count as varchar),
        '}'
    ) as attributes,
    file_id,
    line
from told
