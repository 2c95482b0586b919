-- model: person_customer
-- layer: journeys
-- grain: one row per person who stands for an account, where journeys follow accounts
-- key: person_id
-- not_null: customer_id
-- reads: account_person, run_setting
-- why: whoever belongs to several accounts speaks for none of them, and stays a customer alone
select
    account_person.person_id,
    min(account_person.account_id) as customer_id
from account_person
cross join run_setting
where run_setting.unit = 'account'
group by account_person.person_id
having count(distinct account_person.account_id) = 1
