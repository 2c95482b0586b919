-- model: no_own_mail
-- layer: events
-- grain: one row where many mails are there and none of them is ours
-- key: mail_count
-- reads: stg_mbox__mails
-- severity: warn
-- why: the domain of the company in spec.toml is not that of the mailbox, or the folder of sent mail is missing: no answer of staff is seen
select mail_count
from (
    select
        count(*) as mail_count,
        sum(case when from_side = 'own' then 1 else 0 end) as own_count
    from stg_mbox__mails
) as counted
where mail_count >= 20 and own_count = 0
