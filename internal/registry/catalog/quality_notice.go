package catalog

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"simpul"
)

// mostReminded is how many tasks a reminder names.
const mostReminded = 3

// Remind tells the stewards of each agency that publishes what is worth mending
// most. Told twice in one week of the calendar (ISO 8601), it is read once: the
// second notice has the key of the first.
func (f *Finder) Remind(ctx context.Context, now time.Time, tell func(context.Context, simpul.Notice) error) error {
	byAgency := map[simpul.AgencyID][]chore{}
	for _, c := range f.chores("") {
		byAgency[c.lid.Spec.Agency] = append(byAgency[c.lid.Spec.Agency], c)
	}
	for agency, chores := range byAgency {
		first := min(len(chores), mostReminded)
		if err := tell(ctx, reminder(agency, now, slices.Collect(f.tasks(chores[:first])), len(chores))); err != nil {
			return fmt.Errorf("remind %s of its quality: %w", agency, err)
		}
	}
	return nil
}

func reminder(agency simpul.AgencyID, now time.Time, tasks []Task, all int) simpul.Notice {
	year, week := now.ISOWeek()
	n := simpul.Notice{
		Topic: "lid.remind", Key: fmt.Sprintf("quality-%s-%d-%d", agency, year, week), Agency: agency, Holding: simpul.WriteLIDs,
		Title: simpul.Text{ID: strconv.Itoa(all) + " hal pada keterangan LID perlu dibenahi", EN: strconv.Itoa(all) + " things to mend in the descriptions of LIDs"},
		Link:  qualityPath(agency),
	}
	for _, t := range tasks {
		n.Body.ID += string(t.LID) + ": " + t.Title.ID + " (+" + strconv.Itoa(t.Gain) + "). "
		n.Body.EN += string(t.LID) + ": " + t.Title.In(simpul.English) + " (+" + strconv.Itoa(t.Gain) + "). "
	}
	return n
}
