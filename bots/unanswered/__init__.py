"""What the bot could not answer, or did not help with: masked, put in groups, and decided about by people.

Nothing learns by itself. `collecting` takes the questions in, `masking` hides what could name a person, `grouping`
puts alike ones together, `showing` is what the desk reads, `deciding` what people make of a group and what became of
it.
"""
