-- The detector reads each second what arrived in it. Merges mix the newest rows into parts of minutes, where every granule has some
-- of each second. With 15 parts a merge and not 5 there are fewer merges, and what is seconds old is still by itself.
ALTER TABLE bugchecks MODIFY SETTING merge_selector_base = 15;
