-- model: questioned_tie
-- layer: identity_rounds
-- grain: one row per tie of a group in question
-- key: low_no, high_no
-- reads: questioned_group, open_tie
-- why: hands the few groups in question over to be weighed tie by tie
select
    open_tie.group_no,
    open_tie.low_no,
    open_tie.high_no,
    open_tie.trust,
    open_tie.event_count,
    open_tie.first_seen_at
from questioned_group
-- the ties of the group
inner join open_tie
    on open_tie.group_no = questioned_group.group_no
