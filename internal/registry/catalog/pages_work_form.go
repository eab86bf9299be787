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
)

// form is what somebody entered on one page, and everything that is wrong with
// it: who mends a page mends it once.
type form struct {
	values url.Values
	wrong  []wrong
}

// wrong is one fault, at an input; "" for one of the whole page.
type wrong struct {
	input string
	said  simpul.Text
}

// fault notes what is wrong with an input. What is no refusal is returned: it is
// not the reader's to mend.
func (f *form) fault(input string, err error) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code == simpul.CodeInternal || e.Code == simpul.CodeNotFound && e.Place == "" {
		return err
	}
	f.say(input, e.Message, e.Remedy)
	return nil
}

// refused notes why what was entered could not be stored, at the input that is to
// blame.
func (f *form) refused(err error) error {
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		return f.fault(inputOf(e.Place), err)
	}
	return err
}

// say notes a fault in words, once.
func (f *form) say(input string, message, remedy simpul.Text) {
	said := simpul.Text{ID: strings.TrimSpace(message.ID + " " + remedy.ID), EN: strings.TrimSpace(message.EN + " " + remedy.EN)}
	if one := (wrong{input, said}); !slices.Contains(f.wrong, one) {
		f.wrong = append(f.wrong, one)
	}
}

// text reads an input of so many characters at most, which must be plain.
func (f *form) text(input string, most int) string {
	text := strings.TrimSpace(strings.ReplaceAll(f.values.Get(input), "\r\n", "\n"))
	f.fault(input, plain("spec."+input, text))
	if n := len([]rune(text)); n > most {
		f.say(input, simpul.Text{ID: "Teksnya " + strconv.Itoa(n) + " huruf.", EN: "The text has " + strconv.Itoa(n) + " characters."},
			simpul.Text{ID: "Singkatkan menjadi paling banyak " + strconv.Itoa(most) + ".", EN: "Shorten it to " + strconv.Itoa(most) + " at most."})
	}
	return text
}

// needed is a text that may not be shorter than least characters.
func (f *form) needed(input string, least, most int) string {
	text := f.text(input, most)
	switch n := len([]rune(text)); {
	case n == 0:
		f.say(input, simpul.Text{ID: "Belum diisi.", EN: "Nothing is written here yet."}, simpul.Text{})
	case n < least:
		f.say(input, simpul.Text{ID: "Terlalu pendek.", EN: "This is too short."}, simpul.Text{ID: "Tulis paling sedikit " + strconv.Itoa(least) + " huruf.", EN: "Write " + strconv.Itoa(least) + " characters at least."})
	}
	return text
}

// number reads a whole number of a range; 0 where nothing was entered.
func (f *form) number(input string, least, most int) int {
	text := strings.TrimSpace(f.values.Get(input))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		f.say(input, simpul.Text{ID: "Bukan bilangan yang dapat dipakai di sini.", EN: "This is not a number that can stand here."},
			simpul.Text{ID: "Tulis " + strconv.Itoa(least) + " sampai " + strconv.Itoa(most) + ".", EN: "Write " + strconv.Itoa(least) + " to " + strconv.Itoa(most) + "."})
	}
	return n
}

// at is what is wrong with an input, in the reader's language.
func (f *form) at(ctx context.Context, input string) string {
	var all []string
	for _, w := range f.wrong {
		if w.input == input {
			all = append(all, w.said.In(web.Language(ctx)))
		}
	}
	return strings.Join(all, " ")
}

// faulty reports whether something is wrong with an input.
func (f *form) faulty(input string) bool {
	return slices.ContainsFunc(f.wrong, func(w wrong) bool { return w.input == input })
}

// value is what stands in an input.
func (f *form) value(input string) string { return f.values.Get(input) }

// faults lists everything that is wrong, for the head of the page.
func (f *form) faults(ctx context.Context) (all web.Faults) {
	for _, w := range f.wrong {
		text := w.said.In(web.Language(ctx))
		if label := labelOf(ctx, w.input); label != "" {
			text = label + ": " + text
		}
		all = append(all, web.Fault{Input: w.input, Text: text})
	}
	return all
}

// rows counts the numbered rows of inputs that were entered: contacts.1.unit,
// contacts.2.unit.
func (f *form) rows(list string, most int, names ...string) int {
	last := 0
	for i := range most {
		for _, name := range names {
			if strings.TrimSpace(f.value(rowInput(list, i, name))) != "" {
				last = i + 1
			}
		}
	}
	return last
}

// rowInput names an input of a row, which people count from 1.
func rowInput(list string, i int, name string) string {
	return list + "." + strconv.Itoa(i+1) + "." + name
}

var indexed = regexp.MustCompile(`\[([0-9]+)\]`)

// inputOf is the input in which a place of a resource file is entered.
func inputOf(place string) string {
	switch place = strings.TrimPrefix(place, "spec."); {
	case place == "metadata.id":
		return "name"
	case strings.HasPrefix(place, "contract"):
		return "file"
	case place == "personalData.held":
		return "personal"
	case strings.HasPrefix(place, "personalData.categories"):
		return "categories"
	case strings.HasPrefix(place, "coverage.regions"):
		return "regions"
	}
	place = strings.TrimPrefix(strings.TrimPrefix(place, "serviceLevel."), "coverage.")
	return indexed.ReplaceAllStringFunc(place, func(index string) string {
		i, _ := strconv.Atoi(strings.Trim(index, "[]"))
		return "." + strconv.Itoa(i+1)
	})
}
