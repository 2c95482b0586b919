-- model: events
-- layer: events
-- grain: one row per mail
-- key: stream, natural_key
-- reads: int_mbox__mail
-- why: letters of customers and answers of staff; robots and circulars are flagged, not dropped
with

placed as (

    select
        message_id,
        sent_at,
        what,
        robot_reason,
        _file_id,
        _line,
        row_number() over (
            partition by thread_id, what
            order by sent_at, message_id
        ) as same_no
    from int_mbox__mail

)

select
    'mails' as stream,
    -- the id of a mail names a machine and often a person
    concat('mail:', md5(message_id)) as natural_key,
    case when what in ('in', 'form') then 'email_in' else 'email_out' end as event_kind,
    case
        when what = 'form' then 'Письмо из формы сайта'
        when what = 'in' and same_no = 1 then 'Письмо клиента'
        when what = 'in' then 'Письмо клиента в продолжение'
        when what = 'internal' then 'Внутреннее письмо'
        else 'Письмо сотрудника'
    end as activity_raw,
    sent_at as occurred_at,
    'exact' as ts_quality,
    case when what in ('in', 'form') then cast(0 as bigint) else cast(1 as bigint) end as order_hint,
    case
        when robot_reason is not null then 'bot'
        when what in ('in', 'form') then 'customer'
        else 'agent'
    end as actor_type,
    'email' as channel,
    case when what in ('in', 'form') then 'in' when what = 'out' then 'out' else 'internal' end as direction,
    case when robot_reason is not null then 'bot' when what = 'internal' then 'internal' end as exclude,
    case
        when robot_reason is not null then robot_reason
        when what = 'internal' then 'between staff'
    end as exclude_reason,
    _file_id as file_id,
    _line as line
from placed
