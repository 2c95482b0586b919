-- model: account
-- layer: identity
-- grain: one row per company that somebody belongs to
-- key: account_id
-- reads: account_person, person
-- not_null: person_count, event_count, first_seen_at, last_seen_at
-- why: counts what is known of each company
select
    account_person.account_id,
    -- a company that any of its people has a record of is known by it
    max(case when account_person.rule = 'email_domain' then 0 else 1 end) = 1 as has_record,
    count(*) as person_count,
    sum(person.event_count) as event_count,
    min(person.first_seen_at) as first_seen_at,
    max(person.last_seen_at) as last_seen_at
from account_person
-- one row per person
inner join person
    on person.person_id = account_person.person_id
group by account_person.account_id
