create function fn.votes_until(_now timestamptz) returns timestamptz
language sql stable parallel safe
return date_trunc('minute', _now - interval '1 minute');

comment on function fn.votes_until is
'The end of the minutes into which no vote is on its way any more, except late ones (fn.late_vote_ms).';
