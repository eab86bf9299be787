package lifecycle

import (
	"fmt"
	"strings"

	"simpul"
)

// illegal says that no way leads there, which ways there are, and who may go
// them.
func illegal(model Model, at Step, m Move) error {
	wanted := simpul.Text{ID: "keadaan " + string(m.To), EN: "the state " + string(m.To)}
	if step, ok := model.Step(m.Step); ok {
		wanted = simpul.Text{ID: "tahap \"" + step.Title.ID + "\" (" + step.Code + ")", EN: "the step \"" + step.Title.Text().In(simpul.English) + "\" (" + step.Code + ")"}
	}
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.state",
		Message: simpul.Text{
			ID: fmt.Sprintf("Dari tahap \"%s\" (%s) tidak ada jalan ke %s.", at.Title.ID, at.Code, wanted.ID),
			EN: fmt.Sprintf("From the step \"%s\" (%s) no way leads to %s.", at.Title.Text().In(simpul.English), at.Code, wanted.EN)},
		Remedy: possible(model, at),
	}
}

// possible names the steps that can be gone to from one, and by whom.
func possible(model Model, at Step) simpul.Text {
	var id, en []string
	for _, t := range model.out(at.Code) {
		to, _ := model.Step(t.To)
		id = append(id, fmt.Sprintf("%s (%s) oleh %s", to.Title.ID, to.Code, actor(t.Permission).ID))
		en = append(en, fmt.Sprintf("%s (%s) by %s", to.Title.Text().In(simpul.English), to.Code, actor(t.Permission).EN))
	}
	if len(id) == 0 {
		return simpul.Text{ID: "Tahap ini yang terakhir; terbitkan LID baru dengan alamat lain.", EN: "This step is the last; publish a new LID at another address."}
	}
	return simpul.Text{ID: "Yang mungkin dari sini: " + strings.Join(id, "; ") + ".", EN: "Possible from here: " + strings.Join(en, "; ") + "."}
}

// notYours says which step on the way is somebody else's, and how far the mover
// gets alone.
func notYours(model Model, way []Transition, p simpul.Principal) error {
	reach, _ := model.Step(way[0].From)
	var next Transition
	for _, next = range way {
		if !p.Can(next.Permission) {
			break
		}
		reach, _ = model.Step(next.To)
	}
	to, _ := model.Step(next.To)
	who := actor(next.Permission)
	e := &simpul.Error{
		Code: simpul.CodeDenied, Place: "spec.state",
		Message: simpul.Text{
			ID: fmt.Sprintf("Langkah dari \"%s\" ke \"%s\" dilakukan oleh %s.", reach.Title.ID, to.Title.ID, who.ID),
			EN: fmt.Sprintf("The step from \"%s\" to \"%s\" is made by %s.", reach.Title.Text().In(simpul.English), to.Title.Text().In(simpul.English), who.EN)},
		Remedy: simpul.Text{
			ID: "LID ini sudah berada di tahap itu; tunggu, atau hubungi " + who.ID + ".",
			EN: "This LID stands at that step already; wait, or get in touch with " + who.EN + "."},
	}
	if next.From != way[0].From {
		e.Remedy = simpul.Text{
			ID: fmt.Sprintf("Anda dapat memajukannya sampai tahap \"%s\" (%s); sesudah itu giliran %s.", reach.Title.ID, reach.Code, who.ID),
			EN: fmt.Sprintf("You can take it to the step \"%s\" (%s); then it is the turn of %s.", reach.Title.Text().In(simpul.English), reach.Code, who.EN)}
	}
	return e
}

// actor names whoever usually holds a permission that steps ask for.
func actor(p simpul.Permission) simpul.Text {
	switch p {
	case simpul.WriteLIDs, simpul.WriteGrants:
		return simpul.Text{ID: "penyedia", EN: "the provider"}
	case simpul.RegisterLIDs, simpul.WriteLifecycle, simpul.ApproveAgencies:
		return simpul.Text{ID: "operator nasional", EN: "the national operator"}
	}
	return simpul.Text{ID: "pemegang izin " + string(p), EN: "whoever holds the permission " + string(p)}
}

func noSuchStep(model Model, code string) error {
	var known []string
	for _, s := range model.Steps {
		if s.Subject == OfLID {
			known = append(known, s.Code)
		}
	}
	return simpul.Invalid("spec.step",
		simpul.Text{ID: "Tahap LID \"" + clip(code, 40) + "\" tidak ada.", EN: "There is no LID step \"" + clip(code, 40) + "\"."},
		simpul.Text{ID: "Pilih salah satu: " + strings.Join(known, ", ") + ".", EN: "Choose one of " + strings.Join(known, ", ") + "."})
}

func otherState(step Step, wanted State) error {
	return simpul.Invalid("spec.step",
		simpul.Text{ID: fmt.Sprintf("Tahap %s berarti keadaan %s, bukan %s.", step.Code, step.State, wanted), EN: fmt.Sprintf("The step %s means the state %s, not %s.", step.Code, step.State, wanted)},
		simpul.Text{ID: "Samakan keduanya, atau sebutkan salah satu saja.", EN: "Make the two agree, or name only one of them."})
}

func noModel() error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Hub ini belum punya model daur hidup LID.", EN: "This hub has no model of a LID's life yet."},
		Remedy:  simpul.Text{ID: "Minta operator nasional menyimpannya: simpul lifecycle put -f BERKAS.", EN: "Ask the national operator to store one: simpul lifecycle put -f FILE."},
	}
}

func unknownCondition(name string) error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Model meminta syarat " + name + ", yang tidak dikenal hub ini.", EN: "The model asks for the condition " + name + ", which this hub does not know."},
		Remedy:  simpul.Text{ID: "Minta operator nasional memperbarui hub, atau menyimpan model tanpa syarat itu.", EN: "Ask the national operator to bring the hub up to date, or to store a model without that condition."},
	}
}
