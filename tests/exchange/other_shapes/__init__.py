"""Plans in the shapes that other bodies use, each with what a careful person would enter from it.

One module for each document: ``build()`` writes it, ``TRUTH`` tells the plan. All places are invented and
posts stand for people. Where two people might enter a thing differently, the module says what was chosen.
The same rules hold throughout:

- A lead printed beside an action is a lead of the outcome, each once, in printed order; where the actions
  have numbers the lead's note names them.
- What is printed beside an action of how far it has come is an update of the outcome, under the words of
  the heading; a state or colour is the action's status.
- Costs, monitoring, risks and reasons have no field: each is a note that names what it is about.
- Headings of columns and labels are part of no text. Contents pages and footers belong nowhere.
"""
