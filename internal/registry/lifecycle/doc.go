// Package lifecycle owns the course of a LID's life: which steps there are,
// who acts in each, how long they may take, and where every LID stands.
//
// The steps are data. A [Model] is in force from its day on, in western
// Indonesian time; a change is a new model from a later day, and earlier ones
// stay as they were. What the room itself knows are four states, which other
// rooms act by, and the arithmetic of working days; see model.go, check.go and
// calendar.go. The first model and the holidays of the first years are written
// once, by seed.go, and are the operator's from then on.
//
// # What is guaranteed
//
//   - A LID moves only along a transition of the model in force, by somebody
//     who has its permission, when its conditions are met: follow.go.
//   - Every step on the way is signed, by whom and when, and never changes.
//   - A step that is late is told of once to those who act in it, and once to
//     those above them: late.go.
//   - A timer in working days counts neither weekends nor the holidays and
//     collective leave of the calendar. A year without data counts weekends
//     only, and the screens say so.
//   - Who moved a LID, and what they noted, is told to its agency and the
//     nation; the public sees the steps and their days.
//
// models.go and holidays.go are the use cases on model and calendar,
// standing.go the questions of other rooms, view.go what is kept in memory,
// store.go the SQL, api.go the operations, pages*.go the screens, and
// timeline.templ the picture of one LID's life.
package lifecycle
