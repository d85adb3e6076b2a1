package replaygate

import (
	"fmt"
	"reflect"
	"runtime"
	"sort"
	"strings"

	"go.temporal.io/sdk/worker"
)

type problem struct{ message, hint string }

// application keeps what the user's functions registered, so that each history gets its own replayer.
type application struct {
	registrations []registration
	workflowTypes []string
	// definitions are the places of the workflow functions, by type.
	definitions map[string]place
	hasUnnamed  bool
	dynamic     bool
	options     worker.WorkflowReplayerOptions
}

// registration repeats one call of the application.
type registration func(worker.WorkflowReplayer, worker.ActivityRegistry)

func load(target Target) (loaded *application, found *problem) {
	foreignFolders = target.Foreign
	loaded = &application{definitions: map[string]place{}}
	step := target.RegisterName
	defer func() {
		if thrown := recover(); thrown != nil {
			found = &problem{
				message: fmt.Sprintf("%s panicked: %v", step, thrown),
				hint:    mayNot,
			}
		}
	}()
	if found = loaded.register(target); found != nil {
		return loaded, found
	}
	if len(loaded.workflowTypes) == 0 && !loaded.hasUnnamed && !loaded.dynamic {
		return loaded, &problem{
			message: step + " registers no workflow",
			hint:    "name the function that registers the workflows in the input workflows",
		}
	}
	step = target.OptionsName
	if found = loaded.configure(target); found != nil {
		return loaded, found
	}
	// Report now what the SDK refuses to register, and not for each history.
	step = target.RegisterName
	if _, err := loaded.newReplayer(nil); err != nil {
		return loaded, &problem{message: "the SDK cannot make a replayer: " + err.Error()}
	}
	return loaded, nil
}

// mayNot says what code that registers workflows cannot do here.
const mayNot = "it must neither connect to anything nor start the worker; it runs without secrets and sees few variables: " +
	"name the others that it needs in replay-env"

// wrapperOf is a function with one registry that calls the application's, for the user to write.
func wrapperOf(name string, kind, registry reflect.Type) string {
	arguments := []string{}
	takesRegistry := false
	for index := 0; index < kind.NumIn(); index++ {
		if registry.AssignableTo(kind.In(index)) && kind.In(index).NumMethod() > 0 && !takesRegistry {
			takesRegistry = true
			arguments = append(arguments, "registry")
		} else {
			arguments = append(arguments, fmt.Sprintf("/* %s */", kind.In(index)))
		}
	}
	body := fmt.Sprintf("%s(%s)", name, strings.Join(arguments, ", "))
	if !takesRegistry {
		body = "registry.RegisterWorkflow(…)"
	}
	return fmt.Sprintf(
		"write func RegisterForReplay(registry worker.Registry) { %s } in its package, and name that in workflows (docs/go.md)", body,
	)
}

var errorType = reflect.TypeOf((*error)(nil)).Elem()

func (a *application) register(target Target) *problem {
	function := reflect.ValueOf(target.Register)
	kind := function.Type()
	registry := reflect.ValueOf(newRegistry(a))
	returnsError := kind.NumOut() == 1 && kind.Out(0) == errorType
	if kind.NumIn() != 1 || kind.IsVariadic() || !registry.Type().AssignableTo(kind.In(0)) || !(kind.NumOut() == 0 || returnsError) {
		return &problem{
			message: fmt.Sprintf("%s is a %s", target.RegisterName, kind),
			hint:    "name a function that takes one worker.Registry, or a part of it, and returns nothing or an error: " + wrapperOf(target.RegisterName, kind, registry.Type()),
		}
	}
	answers := function.Call([]reflect.Value{registry})
	if returnsError && !answers[0].IsNil() {
		return &problem{
			message: fmt.Sprintf("%s failed: %v", target.RegisterName, answers[0].Interface()),
			hint:    mayNot,
		}
	}
	sort.Strings(a.workflowTypes)
	return nil
}

func (a *application) configure(target Target) *problem {
	if target.Options == nil {
		return nil
	}
	function := reflect.ValueOf(target.Options)
	kind := function.Type()
	returnsError := kind.NumOut() == 2 && kind.Out(1) == errorType
	if kind.NumIn() != 0 || !(kind.NumOut() == 1 || returnsError) || kind.Out(0) != reflect.TypeOf(a.options) {
		return &problem{
			message: fmt.Sprintf("%s is a %s", target.OptionsName, kind),
			hint:    "name a function that takes nothing and returns worker.WorkflowReplayerOptions, and an error if it can fail",
		}
	}
	answers := function.Call(nil)
	if returnsError && !answers[1].IsNil() {
		return &problem{message: fmt.Sprintf("%s failed: %v", target.OptionsName, answers[1].Interface())}
	}
	a.options = answers[0].Interface().(worker.WorkflowReplayerOptions)
	return nil
}

func (a *application) ready(version string, concurrency int, holdsChance bool) readyMessage {
	message := readyMessage{
		Type:        "ready",
		Language:    "go",
		SDK:         sdkName{Name: "go.temporal.io/sdk", Version: version},
		Dynamic:     a.dynamic,
		Concurrency: concurrency,
		Chance:      "none",
	}
	if holdsChance {
		message.Chance = "replay"
	}
	if !a.hasUnnamed {
		message.WorkflowTypes = a.workflowTypes
	}
	return message
}

// addType notes the name under which the SDK registers a workflow.
func (a *application) addType(workflow any, name string) {
	if name == "" {
		name = functionName(workflow)
	}
	if name == "" {
		a.hasUnnamed = true
		return
	}
	a.workflowTypes = append(a.workflowTypes, name)
	if at := placeOfFunction(workflow); at.File != "" {
		a.definitions[name] = at
	}
}

// functionName is the workflow type that the SDK makes of a function's name; empty where it is no function.
func functionName(function any) string {
	value := reflect.ValueOf(function)
	if value.Kind() != reflect.Func {
		return ""
	}
	full := runtime.FuncForPC(value.Pointer()).Name()
	return strings.TrimSuffix(full[strings.LastIndex(full, ".")+1:], "-fm")
}
