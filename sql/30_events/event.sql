-- model: event
-- layer: events
-- grain: one row per occurrence in one source
-- key: event_id
-- reads: source_event, source_setting, source_identifier, identifier_token
-- not_null: source, stream, natural_key, event_kind, activity_raw, occurred_at, ts_quality, order_key, actor_type, channel
-- why: unites the events of all sources under one id and one order, and flags the company's own people
with

own_event as (

    select
        identifier.source,
        identifier.stream,
        identifier.natural_key
    from source_identifier as identifier
    -- many to one: each plain value has one token
    inner join identifier_token as token
        on identifier.kind = token.kind
        and identifier.value = token.plain_value
    where token.is_internal
    group by
        identifier.source,
        identifier.stream,
        identifier.natural_key

)

select
    md5(concat_ws('|', happened.source, happened.stream, happened.natural_key)) as event_id,
    happened.source,
    happened.stream,
    happened.natural_key,
    happened.event_kind,
    happened.activity_raw,
    happened.occurred_at,
    coalesce(happened.ts_quality, 'exact') as ts_quality,
    -- within one instant: exact times before mere dates, then sources by priority, then the
    -- order of the source itself
    concat_ws(
        '-',
        case when happened.ts_quality = 'date_only' then '1' else '0' end,
        lpad(cast(setting.priority as varchar), 3, '0'),
        lpad(cast(coalesce(happened.order_hint, 0) as varchar), 19, '0')
    ) as order_key,
    happened.actor_type,
    happened.channel,
    happened.direction,
    happened.amount,
    happened.currency,
    happened.score_raw,
    happened.score_norm,
    happened.asked_stage,
    happened.pipeline,
    happened.customer_type,
    happened.url_host,
    happened.url_path,
    happened.referrer_host,
    happened.utm_source,
    happened.utm_medium,
    happened.utm_campaign,
    coalesce(
        happened.exclude,
        case when own_event.natural_key is not null then 'internal' end
    ) as exclude,
    -- an own domain says more than any other reason to call somebody internal: it is true of the person
    case
        when own_event.natural_key is not null and coalesce(happened.exclude, 'internal') = 'internal'
            then 'own domain'
        else happened.exclude_reason
    end as exclude_reason,
    happened.attributes,
    happened.file_id,
    happened.line
from source_event as happened
-- many to one
inner join source_setting as setting on happened.source = setting.source
-- many to at most one
left join own_event
    on happened.source = own_event.source
    and happened.stream = own_event.stream
    and happened.natural_key = own_event.natural_key
