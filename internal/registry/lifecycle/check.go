package lifecycle

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul"
)

// limits of a model, which bound what checking it costs.
const (
	mostSteps       = 60
	mostTransitions = 400
	mostConditions  = 10
	longestTimer    = 3650
	longestText     = 1000
	longestTitle    = 120
)

var codeShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// check refuses a model by which some LID would stand nowhere, or for ever.
// offered are the conditions that the hub knows.
func (m Model) check(offered []string) error {
	if len(m.Steps) > mostSteps || len(m.Transitions) > mostTransitions {
		return simpul.Invalid("spec.steps",
			simpul.Text{ID: "Model memuat terlalu banyak tahap atau peralihan.", EN: "The model has too many steps or transitions."},
			simpul.Text{ID: "Paling banyak 60 tahap dan 400 peralihan.", EN: "At most 60 steps and 400 transitions."})
	}
	if err := words("spec.note", m.Note, longestText); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, s := range m.Steps {
		place := fmt.Sprintf("spec.steps[%d]", i)
		if err := s.check(place); err != nil {
			return err
		}
		if seen[s.Code] {
			return twice(place+".code", s.Code)
		}
		seen[s.Code] = true
	}
	for i, t := range m.Transitions {
		if err := m.checkTransition(fmt.Sprintf("spec.transitions[%d]", i), t, m.Transitions[:i], offered); err != nil {
			return err
		}
	}
	return m.checkWays()
}

func (s Step) check(place string) error {
	if len(s.Code) > 63 || !codeShape.MatchString(s.Code) {
		return simpul.Invalid(place+".code",
			simpul.Text{ID: "Kode tahap \"" + clip(s.Code, 40) + "\" tidak sah.", EN: "Step code \"" + clip(s.Code, 40) + "\" is not valid."},
			simpul.Text{ID: "Gunakan huruf kecil, angka, dan tanda hubung, misalnya registering.", EN: "Use lower-case letters, digits and hyphens, such as registering."})
	}
	if strings.TrimSpace(s.Title.ID) == "" {
		return simpul.Invalid(place+".title.id", simpul.Text{ID: "Tahap " + s.Code + " tidak berjudul.", EN: "Step " + s.Code + " has no title."},
			simpul.Text{ID: "Tulis judulnya dalam bahasa Indonesia.", EN: "Write its title in Indonesian."})
	}
	for _, text := range []string{s.Title.ID, s.Title.EN} {
		if err := words(place+".title", text, longestTitle); err != nil {
			return err
		}
	}
	if s.Guidance != nil {
		if err := words(place+".guidance", s.Guidance.ID+s.Guidance.EN, 2*longestText); err != nil {
			return err
		}
	}
	if err := s.checkChoices(place); err != nil {
		return err
	}
	return s.checkClock(place)
}

func (s Step) checkChoices(place string) error {
	switch {
	case s.Subject != OfLID && s.Subject != OfRequest:
		return unknownChoice(place+".subject", string(s.Subject), "lid, request")
	case s.Subject == OfLID && !slices.Contains(states(), s.State):
		return unknownChoice(place+".state", string(s.State), "draft, published, deprecated, retired")
	case s.Subject == OfRequest && s.State != "":
		return simpul.Invalid(place+".state", simpul.Text{ID: "Tahap permohonan tidak punya keadaan LID.", EN: "A step of requests has no state of a LID."},
			simpul.Text{ID: "Hapus state dari tahap " + s.Code + ".", EN: "Remove state from step " + s.Code + "."})
	case !slices.Contains(owners(), s.Owner):
		return unknownChoice(place+".owner", string(s.Owner), "provider, operator, consumer, hub")
	}
	return nil
}

func (s Step) checkClock(place string) error {
	if t := s.Timer; t != nil {
		if !slices.Contains(units(), t.Unit) {
			return unknownChoice(place+".timer.unit", string(t.Unit), "working-days, days, years")
		}
		if t.Length < 1 || t.Length > longestTimer || t.Unit == Years && t.Length > 10 {
			return simpul.Invalid(place+".timer.length",
				simpul.Text{ID: "Batas waktu tahap " + s.Code + " di luar jangkauan.", EN: "The timer of step " + s.Code + " is out of range."},
				simpul.Text{ID: "Tulis 1 sampai 3650 hari, atau 1 sampai 10 tahun; hapus timer bila tahapnya tidak berbatas waktu.", EN: "Write 1 to 3650 days, or 1 to 10 years; remove timer where the step has no limit."})
		}
	}
	if e := s.Escalate; e != nil {
		if _, err := simpul.ParsePermission(string(e.Permission)); err != nil {
			return simpul.At(place+".escalate.permission", err)
		}
		if e.Level != LevelAgency && e.Level != LevelNation {
			return unknownChoice(place+".escalate.level", string(e.Level), "agency, nation")
		}
	}
	return nil
}

func (m Model) checkTransition(place string, t Transition, before []Transition, offered []string) error {
	from, known := m.Step(t.From)
	if !known {
		return unknownStep(place+".from", t.From)
	}
	to, known := m.Step(t.To)
	if !known {
		return unknownStep(place+".to", t.To)
	}
	if _, err := simpul.ParsePermission(string(t.Permission)); err != nil {
		return simpul.At(place+".permission", err)
	}
	for _, c := range t.Conditions {
		if !slices.Contains(offered, c) || len(t.Conditions) > mostConditions {
			return unknownChoice(place+".conditions", c, strings.Join(offered, ", "))
		}
	}
	same := func(o Transition) bool { return o.From == t.From && o.To == t.To }
	switch {
	case t.From == t.To || from.Subject != to.Subject:
		return simpul.Invalid(place+".to",
			simpul.Text{ID: "Tidak ada peralihan dari " + t.From + " ke " + t.To + ": keduanya harus berbeda dan tentang hal yang sama.", EN: "There is no transition from " + t.From + " to " + t.To + ": they must differ, and be about the same thing."},
			simpul.Text{ID: "Sambungkan tahap LID dengan tahap LID, dan tahap permohonan dengan tahap permohonan.", EN: "Join steps of LIDs with steps of LIDs, and steps of requests with steps of requests."})
	case from.State == Retired:
		return simpul.Invalid(place+".from",
			simpul.Text{ID: "LID yang pensiun tidak kembali, jadi dari " + t.From + " tidak ada jalan.", EN: "A retired LID does not come back, so no way leads out of " + t.From + "."},
			simpul.Text{ID: "Hapus peralihan ini.", EN: "Remove this transition."})
	case slices.ContainsFunc(before, same):
		return twice(place, t.From+" → "+t.To)
	}
	return nil
}

// checkWays makes sure that every state has a step, that every step can be
// reached, and that no LID has to stay where it is for ever.
func (m Model) checkWays() error {
	for _, state := range states() {
		if m.fitting(state).Code == "" {
			return simpul.Invalid("spec.steps",
				simpul.Text{ID: "Tidak ada tahap LID berkeadaan " + string(state) + ".", EN: "No LID step means the state " + string(state) + "."},
				simpul.Text{ID: "Setiap keadaan (draft, published, deprecated, retired) memerlukan paling sedikit satu tahap.", EN: "Each state (draft, published, deprecated, retired) needs at least one step."})
		}
	}
	reached := m.reachable()
	for i, s := range m.Steps {
		switch place := fmt.Sprintf("spec.steps[%d]", i); {
		case !reached[s.Code]:
			return simpul.Invalid(place,
				simpul.Text{ID: "Tahap " + s.Code + " tidak pernah tercapai.", EN: "Step " + s.Code + " is never reached."},
				simpul.Text{ID: "Tambahkan peralihan ke " + s.Code + ", atau hapus tahapnya.", EN: "Add a transition to " + s.Code + ", or remove the step."})
		case s.Subject == OfLID && !m.ends(s.Code):
			return simpul.Invalid(place,
				simpul.Text{ID: "Dari tahap " + s.Code + " tidak ada jalan sampai pensiun.", EN: "From step " + s.Code + " no way leads to retirement."},
				simpul.Text{ID: "Tambahkan peralihan keluar dari " + s.Code + " yang akhirnya sampai ke tahap berkeadaan retired.", EN: "Add a transition out of " + s.Code + " that leads to a step of state retired in the end."})
		}
	}
	return nil
}

// reachable are the steps at which something can arrive from the beginning of
// its course: the first step of LIDs that is a draft, and the first of requests.
func (m Model) reachable() map[string]bool {
	reached := map[string]bool{}
	var visit func(code string)
	visit = func(code string) {
		if reached[code] || code == "" {
			return
		}
		reached[code] = true
		for _, t := range m.out(code) {
			visit(t.To)
		}
	}
	visit(m.beginning().Code)
	if i := slices.IndexFunc(m.Steps, func(s Step) bool { return s.Subject == OfRequest }); i >= 0 {
		visit(m.Steps[i].Code)
	}
	return reached
}

// ends reports whether a LID can get from the step to a retired one.
func (m Model) ends(code string) bool {
	seen := map[string]bool{}
	var visit func(code string) bool
	visit = func(code string) bool {
		if s, _ := m.Step(code); s.State == Retired {
			return true
		}
		if seen[code] {
			return false
		}
		seen[code] = true
		return slices.ContainsFunc(m.out(code), func(t Transition) bool { return visit(t.To) })
	}
	return visit(code)
}

// words refuses what screens and letters could not show.
func words(place, text string, most int) error {
	bad := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	if utf8.ValidString(text) && utf8.RuneCountInString(text) <= most && !strings.ContainsFunc(text, bad) {
		return nil
	}
	return simpul.Invalid(place,
		simpul.Text{ID: fmt.Sprintf("Teks ini lebih panjang dari %d karakter, atau memuat karakter kendali.", most), EN: fmt.Sprintf("This text is longer than %d characters, or holds control characters.", most)},
		simpul.Text{ID: "Tulis lebih singkat, tanpa karakter kendali.", EN: "Write less, without control characters."})
}

func unknownChoice(place, value, known string) error {
	if known == "" {
		known = "–"
	}
	return simpul.Invalid(place,
		simpul.Text{ID: "\"" + clip(value, 40) + "\" tidak dikenal di sini.", EN: "\"" + clip(value, 40) + "\" is not known here."},
		simpul.Text{ID: "Pilih salah satu: " + known + ".", EN: "Choose one of " + known + "."})
}

func unknownStep(place, code string) error {
	return simpul.Invalid(place,
		simpul.Text{ID: "Tahap \"" + clip(code, 40) + "\" tidak ada dalam model.", EN: "The model has no step \"" + clip(code, 40) + "\"."},
		simpul.Text{ID: "Tambahkan tahapnya, atau perbaiki kodenya.", EN: "Add the step, or mend its code."})
}

func twice(place, what string) error {
	return simpul.Invalid(place,
		simpul.Text{ID: what + " tertulis dua kali.", EN: what + " is written twice."},
		simpul.Text{ID: "Hapus salah satunya.", EN: "Remove one of them."})
}
