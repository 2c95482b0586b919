-- model: events
-- layer: events
-- grain: one row per case opened, message, change of state, and rating
-- key: stream, natural_key
-- reads: int_omnidesk__told, stg_omnidesk__cases
-- why: cases say what was asked, messages who spoke, the log when it was settled
select
    told.stream,
    told.natural_key,
    told.event_kind,
    told.activity_raw,
    told.occurred_at,
    told.ts_quality,
    cast(told.order_hint as bigint) as order_hint,
    told.actor_type,
    case
        when desk_case.channel in ('email', 'mail') then 'email'
        when desk_case.channel in ('call', 'phone') then 'phone'
        when desk_case.channel in ('chat', 'cch') then 'chat'
        when desk_case.channel in ('telegram', 'viber', 'whatsapp', 'skype', 'slack', 'mattermost', 'line')
            then 'messenger'
        when desk_case.channel in ('vkontakte', 'facebook', 'instagram', 'odnoklassniki', 'avito') then 'social'
        else 'portal'
    end as channel,
    told.direction,
    told.score_raw,
    told.score_norm,
    case when desk_case.is_spam then 'bot' end as exclude,
    case when desk_case.is_spam then 'spam' end as exclude_reason,
    told._file_id as file_id,
    told._line as line
from int_omnidesk__told as told
inner join stg_omnidesk__cases as desk_case on told.case_id = desk_case.case_id
