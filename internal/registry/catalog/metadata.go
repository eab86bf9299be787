package catalog

// Metadata describes a LID for those who look for it, after Satu Data Indonesia
// (Perpres 39/2019 art. 3: data has metadata in a standard form) and DCAT-AP 3,
// in which the catalogue is published. All of it is optional; [Quality] says what
// a missing part costs whoever looks.
type Metadata struct {
	Themes       []Theme       `json:"themes,omitempty" maxItems:"3" enum:"AGRI,ECON,EDUC,ENER,ENVI,GOVE,HEAL,INTR,JUST,REGI,SOCI,TECH,TRAN" doc:"Subjects, of the EU data themes that DCAT-AP 3 names"`
	Purpose      string        `json:"purpose,omitempty" maxLength:"1000" doc:"What the data is collected for and whom it serves"`
	ServiceLevel *ServiceLevel `json:"serviceLevel,omitempty" doc:"What callers may count on"`
	Contacts     []Contact     `json:"contacts,omitempty" maxItems:"5" doc:"Organisational units that answer questions; no persons"`
	Coverage     *Coverage     `json:"coverage,omitempty" doc:"Where and when the data holds"`
	Frequency    Frequency     `json:"frequency,omitempty" enum:"continuous,hourly,daily,weekly,monthly,quarterly,semiannual,annual,irregular,never" doc:"How often the data is brought up to date"`
	Licence      Licence       `json:"licence,omitempty" enum:"CC0-1.0,CC-BY-4.0,CC-BY-SA-4.0,ODC-By-1.0,ODbL-1.0,PDDL-1.0,perjanjian" doc:"SPDX identifier of the licence, or perjanjian where an agreement rules"`
	PersonalData *PersonalData `json:"personalData,omitempty" doc:"Whether the data is about identifiable persons (UU 27/2022); absent means nobody has said"`
	Standards    []Standard    `json:"standards,omitempty" maxItems:"20" doc:"Data standards and code lists that it follows"`
	Examples     []Example     `json:"examples,omitempty" maxItems:"10" doc:"Calls to try first"`
	Sandbox      string        `json:"sandbox,omitempty" maxLength:"2000" doc:"Where to try with made-up data; a public https address" example:"https://uji.example.go.id/kota"`
}

// ServiceLevel is what the provider promises of its service.
type ServiceLevel struct {
	Availability  float64 `json:"availability,omitempty" minimum:"1" maximum:"100" doc:"Percent of a month in which it answers" example:"99.5"`
	LatencyMillis int     `json:"latencyMillis,omitempty" minimum:"1" maximum:"300000" doc:"Milliseconds within which 95 of 100 answers begin" example:"800"`
	SupportHours  string  `json:"supportHours,omitempty" maxLength:"200" example:"Senin–Jumat 08.00–16.00 WIB"`
}

// Contact is where consumers ask: a unit and the mailbox of its function, so
// that neither becomes stale or private when a person moves on.
type Contact struct {
	Unit  string `json:"unit" minLength:"3" maxLength:"200" example:"Pusat Data dan Informasi"`
	Email string `json:"email,omitempty" maxLength:"254" doc:"Mailbox of a function, not of a person" example:"layanan.data@kemendagri.go.id"`
}

// Coverage is where and when the data holds.
type Coverage struct {
	Regions []string `json:"regions,omitempty" maxItems:"600" doc:"Kemendagri codes of provinces or regencies; none for all of Indonesia" example:"[\"32\",\"32.73\"]"`
	From    string   `json:"from,omitempty" doc:"First day, as 2020-01-31"`
	Until   string   `json:"until,omitempty" doc:"Last day; absent where it goes on"`
}

// PersonalData says whether persons can be identified, and what is told of them.
type PersonalData struct {
	Held       bool               `json:"held" doc:"true where the answer can concern an identifiable person"`
	Categories []PersonalCategory `json:"categories,omitempty" maxItems:"13" enum:"name,gender,nationality,religion,marital,identifying,health,biometric,genetic,criminal,child,finance,other" doc:"Kinds of personal data of UU 27/2022 art. 4"`
}

// Standard is a published standard that the data follows.
type Standard struct {
	Name string `json:"name" minLength:"2" maxLength:"200" example:"Kode dan data wilayah administrasi pemerintahan"`
	URL  string `json:"url,omitempty" maxLength:"2000"`
}

// Example is one call that a reader can try.
type Example struct {
	Title string `json:"title" minLength:"3" maxLength:"200" example:"Kota di Jawa Barat"`
	Call  string `json:"call" minLength:"5" maxLength:"1000" doc:"Method and path below the LID's address; the contract must have it" example:"GET /?provinsi=32"`
}

// Personal reports whether the data is about identifiable persons, and whether
// anybody has said so.
func (m Metadata) Personal() (held, said bool) {
	if m.PersonalData == nil {
		return false, false
	}
	return m.PersonalData.Held, true
}
