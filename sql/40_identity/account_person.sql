-- model: account_person
-- layer: identity
-- grain: one row per person that belongs to a company
-- key: person_id
-- reads: account_choice, account_domain, identity_setting
-- not_null: account_id, rule, event_count
-- why: a person is in one account only, so that accounts add up; people stay who they are
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
        event_count,
        count(*) over (partition by account_key) as person_count
    from account_choice
    where rule = 'email_domain'

),

placed as (

    select
        person_id,
        account_key,
        'company_record' as rule,
        event_count
    from by_record

    union all

    select
        by_domain.person_id,
        coalesce(account_domain.account_key, by_domain.account_key) as account_key,
        case when account_domain.account_key is null then 'email_domain' else 'domain_of_company' end as rule,
        by_domain.event_count
    from by_domain
    cross join identity_setting
    -- at most one company per domain
    left join account_domain
        on account_domain.domain_key = by_domain.account_key
    -- at most one company per person
    left join by_record
        on by_record.person_id = by_domain.person_id
    where
        by_record.person_id is null
        -- a domain of so many people that no record knows carries mail for anybody
        and (
            account_domain.account_key is not null
            or by_domain.person_count <= identity_setting.domain_cap
        )

)

select
    concat('a', md5(account_key)) as account_id,
    person_id,
    rule,
    event_count
from placed
