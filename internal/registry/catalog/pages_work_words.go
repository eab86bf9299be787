package catalog

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog/contract"
)

// Lengths of the API's schema, which hold here as well.
const (
	leastTitle, mostTitle = 3, 200
	mostDescription       = 5000
	mostPurpose           = 1000
	mostKeywords          = 30
	mostKeyword           = 100
	mostThemes            = 3
)

func fillWords(s Spec) url.Values {
	v := url.Values{"title": {s.Title}, "version": {s.Version}, "description": {s.Description}, "purpose": {s.Purpose}, "keywords": {strings.Join(s.Keywords, ", ")}}
	for _, theme := range s.Themes {
		v.Add("themes", string(theme))
	}
	return v
}

func readWords(f *form, s *Spec, _ *contract.Contract) {
	s.Title = f.needed("title", leastTitle, mostTitle)
	s.Description = f.needed("description", 1, mostDescription)
	s.Purpose = f.text("purpose", mostPurpose)
	s.Version = readVersion(f)
	s.Keywords = readKeywords(f)
	s.Themes = nil
	for _, code := range f.values["themes"] {
		s.Themes = append(s.Themes, Theme(code))
	}
	if len(s.Themes) > mostThemes {
		f.say("themes", simpul.Text{ID: "Lebih dari tiga tema dipilih.", EN: "More than three themes are chosen."}, simpul.Text{ID: "Sisakan yang paling pas.", EN: "Keep those that fit best."})
	}
	f.fault("themes", Metadata{Themes: s.Themes}.checkLists())
}

var versionShape = regexp.MustCompile(`^[0-9]+(\.[0-9]+){0,2}$`)

func readVersion(f *form) string {
	version := strings.TrimSpace(f.value("version"))
	if !versionShape.MatchString(version) || len(version) > 30 {
		f.say("version", simpul.Text{ID: "Bukan nomor versi.", EN: "This is not a version number."}, simpul.Text{ID: "Tulis misalnya 1.0 atau 2.1.3.", EN: "Write for example 1.0 or 2.1.3."})
	}
	return version
}

// readKeywords takes words between commas or on lines, each once.
func readKeywords(f *form) (all []string) {
	f.text("keywords", mostKeywords*mostKeyword)
	for word := range strings.FieldsFuncSeq(f.value("keywords"), func(r rune) bool { return strings.ContainsRune(",;\r\n", r) }) {
		word = strings.TrimSpace(word)
		if word == "" || slices.Contains(all, word) {
			continue
		}
		f.fault("keywords", plain("spec.keywords", word))
		all = append(all, word)
	}
	if len(all) > mostKeywords {
		f.say("keywords", simpul.Text{ID: "Lebih dari 30 kata kunci.", EN: "More than 30 keywords."}, simpul.Text{ID: "Sisakan yang benar-benar diketik orang.", EN: "Keep those that people really type."})
	}
	return all
}

// proposedVersion makes of what a contract calls its version what a LID can have.
func proposedVersion(said string) string {
	if found := regexp.MustCompile(`[0-9]{1,9}(\.[0-9]{1,9}){0,2}`).FindString(said); found != "" {
		return found
	}
	return "1.0"
}

// proposedName makes a Name of a title: "Imunisasi anak" is ImunisasiAnak.
func proposedName(title string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(title, func(r rune) bool { return !asciiAlphanumeric(r) }) {
		if b.Len() == 0 && word[0] >= '0' && word[0] <= '9' {
			continue // a Name begins with a letter
		}
		if b.Len()+len(word) > 40 && b.Len() > 0 {
			break
		}
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()[:min(b.Len(), 64)]
}

func asciiAlphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// proposedGroup is the group that an agency has used most, and for its first LID
// what its name says that it is for: "Kementerian Kesehatan" has kesehatan.
func (p *Workplace) proposedGroup(ctx context.Context, who simpul.Principal, agency simpul.AgencyID) string {
	own, err := p.LIDs.Owned(ctx, who, Selection{Agency: agency, Limit: 200})
	if err != nil {
		return ""
	}
	counts, best := map[string]int{}, ""
	for _, l := range own {
		group := simpul.Address(l.ID).Group()
		if counts[group]++; counts[group] > counts[best] {
			best = group
		}
	}
	if best != "" {
		return best
	}
	words := strings.Fields(strings.ToLower(p.Agencies.Agency(ctx, agency).Name))
	if len(words) < 2 {
		return ""
	}
	return strings.Trim(strings.Map(func(r rune) rune {
		if asciiAlphanumeric(r) {
			return r
		}
		return -1
	}, words[1]), "-")
}

// groups are those that LIDs stand in, for the input to propose.
func (p *Workplace) groups() (all []string) {
	for _, l := range p.Finder.directory.All() {
		if group := l.Address.Group(); !slices.Contains(all, group) && len(all) < 100 {
			all = append(all, group)
		}
	}
	return all
}

// settle gives a LID its address, with the words of the same page.
func (p *Workplace) settle(w http.ResponseWriter, r *http.Request, v work, f *form) {
	spec := v.Spec
	readWords(f, &spec, v.Read)
	address, err := simpul.ParseAddress(strings.TrimSpace(f.value("group")) + "/" + strings.TrimSpace(f.value("name")))
	if err == nil {
		err = p.LIDs.Try(r.Context(), v.Who, address, spec.Agency)
	}
	if err = f.fault("name", err); err == nil && len(f.wrong) == 0 {
		err = f.refused(p.LIDs.Settle(r.Context(), v.Who, v.ID, address, spec))
	}
	switch {
	case err != nil:
		web.Fail(w, r, err)
	case len(f.wrong) > 0:
		p.again(w, r, v, sectionWords, f)
	default:
		http.Redirect(w, r, workPath(string(address), sectionLaw)+"?tersimpan=1", http.StatusSeeOther)
	}
}
