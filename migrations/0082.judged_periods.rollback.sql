-- The version before reads nulls as well.
select 1;
