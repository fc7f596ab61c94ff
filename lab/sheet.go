package lab

import "strings"

// Sheet is an exercise as a student gets it: with numbers of their own and without the answers.
type Sheet struct {
	Exercise  string            `json:"exercise"`
	Title     string            `json:"title"`
	Hash      string            `json:"exercise_hash"`
	Scenario  string            `json:"scenario"`
	Class     string            `json:"class"`
	Student   string            `json:"student"`
	Draw      map[string]string `json:"draw"`
	Free      map[string]string `json:"free"` // path -> range
	Questions []SheetQuestion   `json:"questions"`
}

// SheetQuestion is a question without its answer.
type SheetQuestion struct {
	ID        string            `json:"id"`
	Kind      QuestionKind      `json:"kind"`
	Ask       string            `json:"ask"`
	Unit      string            `json:"unit,omitempty"`
	Options   map[string]string `json:"options,omitempty"`
	Tolerance Scalar            `json:"tolerance,omitempty"`
	Points    int               `json:"points"`
}

// Sheet draws for a student of a class. Blanks around names are dropped, as NewAnswer does.
func (ex *Exercise) Sheet(class, student string) Sheet {
	class, student = strings.TrimSpace(class), strings.TrimSpace(student)
	s := Sheet{Exercise: ex.ID, Title: ex.Title, Hash: ex.Hash(), Scenario: ex.Scenario, Class: class, Student: student,
		Draw: ex.Draws(class, student), Free: ex.Free}
	for i := range ex.Questions {
		q := &ex.Questions[i]
		s.Questions = append(s.Questions, SheetQuestion{ID: q.ID, Kind: q.Kind, Ask: q.Ask, Unit: q.Unit, Options: q.Options,
			Tolerance: q.Tolerance, Points: q.Worth()})
	}
	return s
}
