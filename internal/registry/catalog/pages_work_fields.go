package catalog

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog/contract"
)

const (
	mostStandards = 20
	// mostBindable is how many fields the page offers; more are bound by apply.
	mostBindable = 200
)

func fillFields(s Spec) url.Values {
	v := url.Values{}
	for i, one := range s.Standards {
		v.Set(rowInput("standards", i, "name"), one.Name)
		v.Set(rowInput("standards", i, "url"), one.URL)
	}
	return v
}

func readFields(f *form, s *Spec, _ *contract.Contract) {
	s.Standards = nil
	for i := range f.rows("standards", mostStandards, "name", "url") {
		name, address := rowInput("standards", i, "name"), rowInput("standards", i, "url")
		if f.value(name) == "" && f.value(address) == "" {
			continue
		}
		one := Standard{Name: f.needed(name, 2, 200), URL: f.text(address, mostUpstream)}
		f.fault(address, Metadata{Standards: []Standard{one}}.checkAddresses())
		s.Standards = append(s.Standards, one)
	}
}

// bindable is a field of the answers, and what it is bound to or might be.
type bindable struct {
	contract.Field
	Meaning
	Guess string // a list that its name suggests; "" for none
	Doubt string // why it should not stay unbound; "" where it may
}

// telling reports whether the field is bound, or ought to be.
func (b bindable) telling() bool { return b.Doubt != "" || b.Meaning != (Meaning{}) }

// fieldsView is what the page of fields shows besides the form.
type fieldsView struct {
	Fields    []bindable
	More      int // fields that are not shown
	Standards []web.Option
	Lists     []web.Option
	May       bool // the reader may bind
	Known     bool // the hub has standards
}

func (p *Workplace) fieldsView(ctx context.Context, v work) (shown fieldsView, err error) {
	shown.May, shown.Known = v.Who.Can(simpul.WriteStandards), p.Meanings != nil
	var bound []Meaning
	if shown.Known {
		if shown.Standards, shown.Lists, err = p.Meanings.Choices(ctx, v.Who); err != nil {
			return shown, err
		}
		if bound, err = p.Meanings.Bound(ctx, v.Who, v.address()); err != nil {
			return shown, err
		}
	}
	eachField(v.Read, func(f contract.Field) {
		if f.Type == "object" || f.Type == "object[]" {
			return
		}
		if len(shown.Fields) == mostBindable {
			shown.More++
			return
		}
		shown.Fields = append(shown.Fields, bindableOf(ctx, f, bound, shown.Lists))
	})
	return shown, nil
}

func bindableOf(ctx context.Context, f contract.Field, bound []Meaning, lists []web.Option) bindable {
	b := bindable{Field: f}
	if i := slices.IndexFunc(bound, func(m Meaning) bool { return m.Field == f.Path }); i >= 0 {
		b.Meaning = bound[i]
		return b
	}
	switch simpul.KindOfField(f.Path) {
	case simpul.RegionalField:
		b.Doubt = web.T(ctx, "Tampak seperti kode wilayah. Tanpa daftar kode, pembaca tidak tahu kode siapa yang dipakai.", "Looks like a region code. Without a list of codes, readers do not know whose code it is.")
		b.Guess = regionList(lists, f.Description)
	case simpul.PersonalField:
		b.Doubt = web.T(ctx, "Tampak menyangkut orang. Ikat ke standarnya, dan nyatakan data pribadinya di bagian Kelas dan hukum.", "Looks like it tells of a person. Bind it to its standard, and state the personal data in the section Class and law.")
	}
	return b
}

// regionList is the list of region codes that a description names, "menurut
// Kemendagri", or the only one that there is; "" where it could be another.
func regionList(lists []web.Option, description string) string {
	var found []string
	for _, one := range lists {
		authority, ok := strings.CutPrefix(one.Value, "wilayah-")
		switch {
		case !ok:
		case strings.Contains(strings.ToLower(description), authority):
			return one.Value
		default:
			found = append(found, one.Value)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// bindInput names the inputs of a field by its place on the page: a path may
// hold anything.
func bindInput(i int, what string) string { return "bind." + strconv.Itoa(i+1) + "." + what }

// bind stores what the fields of the page mean. Those that the page does not
// show keep what they have.
func (p *Workplace) bind(ctx context.Context, v work, f *form) error {
	if p.Meanings == nil || !v.Who.Can(simpul.WriteStandards) || v.Read == nil {
		return nil
	}
	before, err := p.Meanings.Bound(ctx, v.Who, v.address())
	if err != nil {
		return err
	}
	all, rows := f.meanings(before)
	if sameMeanings(all, before) {
		return nil
	}
	err = p.Meanings.Bind(ctx, v.Who, v.address(), all)
	return f.fault(boundInput(err, rows), err)
}

// meanings are those that were entered, with the row of each, and those of fields
// that the page did not show.
func (f *form) meanings(before []Meaning) (all []Meaning, rows []int) {
	shown := map[string]bool{}
	for i := range mostBindable {
		one := Meaning{Field: f.value(bindInput(i, "field")), Standard: strings.TrimSpace(f.value(bindInput(i, "standard"))), List: strings.TrimSpace(f.value(bindInput(i, "list")))}
		if one.Field == "" {
			break
		}
		shown[one.Field] = true
		if one.Standard != "" || one.List != "" {
			all, rows = append(all, one), append(rows, i)
		}
	}
	for _, one := range before {
		if !shown[one.Field] {
			all = append(all, one)
		}
	}
	return all, rows
}

var boundPlace = regexp.MustCompile(`fields\[([0-9]+)\]\.(list|standard)$`)

// boundInput is the input that a refused binding came from; "" where none did.
func boundInput(err error, rows []int) string {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return ""
	}
	m := boundPlace.FindStringSubmatch(e.Place)
	if m == nil {
		return ""
	}
	if i, err := strconv.Atoi(m[1]); err == nil && i < len(rows) {
		return bindInput(rows[i], m[2])
	}
	return ""
}

func sameMeanings(a, b []Meaning) bool {
	if len(a) != len(b) {
		return false
	}
	return !slices.ContainsFunc(a, func(m Meaning) bool { return !slices.Contains(b, m) })
}
