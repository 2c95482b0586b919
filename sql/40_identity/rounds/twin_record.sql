-- model: twin_record
-- layer: identity_rounds
-- grain: one row per record of a person that is a double of a smaller one
-- key: far_no, near_no
-- reads: card_address
-- why: one shared address is a colleague as often as a double; the same e-mail and the same phone are one person
with

address_use as (

    select
        card_kind,
        address_no,
        count(*) as card_count
    from card_address
    group by
        card_kind,
        address_no

),

agreeing as (

    select
        email.card_kind,
        email.address_no as email_no,
        phone.address_no as phone_no,
        count(*) as card_count,
        min(email.card_no) as near_no
    from card_address as email
    -- a card has few addresses
    inner join card_address as phone
        on phone.card_no = email.card_no
    where
        email.address_kind = 'email'
        and phone.address_kind = 'phone'
    group by
        email.card_kind,
        email.address_no,
        phone.address_no

),

double_card as (

    select
        agreeing.card_kind,
        agreeing.email_no,
        agreeing.phone_no,
        agreeing.near_no
    from agreeing
    -- one row per kind of card and phone
    inner join address_use as phone_use
        on
            phone_use.card_kind = agreeing.card_kind
            and phone_use.address_no = agreeing.phone_no
    -- one row per kind of card and e-mail
    inner join address_use as email_use
        on
            email_use.card_kind = agreeing.card_kind
            and email_use.address_no = agreeing.email_no
    where
        agreeing.card_count > 1
        -- an address that further cards have is an office's, and confirms nothing
        and agreeing.card_count = phone_use.card_count
        and agreeing.card_count = email_use.card_count

)

select distinct
    email.card_no as far_no,
    double_card.near_no
from double_card
-- the cards that have the e-mail
inner join card_address as email
    on
        email.address_no = double_card.email_no
        and email.card_kind = double_card.card_kind
-- and the phone
inner join card_address as phone
    on
        phone.address_no = double_card.phone_no
        and phone.card_no = email.card_no
where email.card_no <> double_card.near_no
