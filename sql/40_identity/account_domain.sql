-- model: account_domain
-- layer: identity
-- grain: one row per mail domain whose people are known to be of one company
-- key: domain_key
-- reads: account_choice
-- not_null: account_key
-- why: colleagues who never met the CRM are found by the domain of those who did
with

by_record as (

    select
        person_id,
        account_key,
        event_count
    from account_choice
    where rule = 'company_record'

),

by_domain as (

    select
        person_id,
        account_key,
        event_count
    from account_choice
    where rule = 'email_domain'

),

shared_domain as (

    select
        by_domain.account_key as domain_key,
        by_record.account_key,
        count(*) as person_count
    from by_domain
    -- at most one company per person
    inner join by_record
        on by_record.person_id = by_domain.person_id
    group by
        by_domain.account_key,
        by_record.account_key

),

weighed as (

    select
        domain_key,
        account_key,
        person_count,
        sum(person_count) over (partition by domain_key) as known_count
    from shared_domain

)

select
    domain_key,
    account_key
from weighed
-- more than half of those whose company is known: there is at most one such company
where 2 * person_count > known_count
