create function fn.most_copies(_consent text) returns integer
language sql immutable parallel safe
return case when _consent is null then 2 else 1 end;

comment on function fn.most_copies is
'How many copies of a mail may be handed over when it is unknown whether the first arrived: one of a recap, which nobody wants
twice, and two of a mail that someone is waiting for.';
