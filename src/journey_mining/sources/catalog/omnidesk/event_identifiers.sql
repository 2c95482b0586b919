-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer
-- key: stream, natural_key, kind, value
-- reads: stg_omnidesk__cases, stg_omnidesk__changes, stg_omnidesk__messages, stg_omnidesk__users, stg_omnidesk__users__linked
-- why: a case names a user; users that staff linked are the same person on other channels
with

talk as (

    -- the first message of a case is what it was opened with, and is told with it
    select
        message.message_id,
        message.case_id,
        message.user_id,
        message.staff_id,
        message.is_by_rule,
        message.created_at,
        message._file_id,
        message._line,
        row_number() over (
            partition by message.case_id
            order by message.created_at, length(message.message_id), message.message_id
        ) as message_no
    from stg_omnidesk__messages as message
    inner join stg_omnidesk__cases as desk_case on message.case_id = desk_case.case_id
    where coalesce(message.is_note, false) = false
        and (message.user_id is not null or message.staff_id is not null)

),

change as (

    select
        concat('case:', change.case_id, ':change:', change._row_key) as natural_key,
        change.case_id,
        change.made_at,
        change.made_by,
        change.old_value,
        change.new_value,
        change._file_id,
        change._line
    from stg_omnidesk__changes as change
    inner join stg_omnidesk__cases as desk_case on change.case_id = desk_case.case_id
    where change.what = 'status' and coalesce(change.new_value, '') <> ''

),

closed as (

    -- without a log of its changes, a case still says when it was closed
    select
        desk_case.case_id,
        desk_case.closed_at,
        desk_case._file_id,
        desk_case._line
    from stg_omnidesk__cases as desk_case
    where desk_case.closed_at is not null
        and not exists (
            select 1 as found
            from stg_omnidesk__changes as change
            where change.case_id = desk_case.case_id and change.what = 'status'
        )

),

told as (

    select
        'cases' as stream,
        concat('case:', case_id, ':created') as natural_key,
        case_id
    from stg_omnidesk__cases
    union all
    select
        'messages' as stream,
        concat('message:', message_id) as natural_key,
        case_id
    from talk
    where message_no > 1
    union all
    select
        'changes' as stream,
        natural_key,
        case_id
    from change
    union all
    select
        'cases' as stream,
        concat('case:', case_id, ':closed') as natural_key,
        case_id
    from closed
    union all
    select
        'cases' as stream,
        concat('case:', case_id, ':csat') as natural_key,
        case_id
    from stg_omnidesk__cases
    where rating is not null

),

same_user as (

    select
        user_id,
        user_id as known_as
    from stg_omnidesk__cases
    where user_id is not null
    union
    select
        user_id,
        item as known_as
    from stg_omnidesk__users__linked
    where item <> '0'
    union
    select
        item as user_id,
        user_id as known_as
    from stg_omnidesk__users__linked
    where item <> '0'

),

known as (

    select
        user_id,
        'omnidesk_user' as kind,
        known_as as value
    from same_user
    union
    select
        same_user.user_id,
        'email' as kind,
        person.email as value
    from same_user
    inner join stg_omnidesk__users as person on same_user.known_as = person.user_id
    where person.email is not null
    union
    select
        same_user.user_id,
        'phone' as kind,
        person.phone as value
    from same_user
    inner join stg_omnidesk__users as person on same_user.known_as = person.user_id
    where person.phone is not null
    union
    select
        same_user.user_id,
        'phone' as kind,
        person.whatsapp as value
    from same_user
    inner join stg_omnidesk__users as person on same_user.known_as = person.user_id
    where person.whatsapp is not null

)

select
    told.stream,
    told.natural_key,
    known.kind,
    known.value
from told
inner join stg_omnidesk__cases as desk_case on told.case_id = desk_case.case_id
-- many to many: each event of a case carries each identifier of its customer
inner join known on desk_case.user_id = known.user_id
