-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer
-- key: stream, natural_key, kind, value
-- reads: int_omnidesk__told, stg_omnidesk__cases, stg_omnidesk__users, stg_omnidesk__users__linked
-- why: a case names a user; users that staff linked are the same person on other channels
with

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
from int_omnidesk__told as told
inner join stg_omnidesk__cases as desk_case on told.case_id = desk_case.case_id
-- many to many: each event of a case carries each identifier of its customer
inner join known on desk_case.user_id = known.user_id
