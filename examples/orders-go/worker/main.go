// Command worker runs the workflows and activities of the shop.
package main

import (
	"cmp"
	"log"
	"os"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"example.com/orders/orders"
)

func main() {
	connection, err := client.Dial(envconfig.MustLoadDefaultClientOptions())
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	shop := worker.New(connection, cmp.Or(os.Getenv("TASK_QUEUE"), "orders"), versioning())
	orders.Register(shop)
	if err := shop.Start(); err != nil {
		log.Fatal(err)
	}
	log.SetOutput(os.Stdout)
	log.Print("The worker is ready")
	<-worker.InterruptCh()
	shop.Stop()
}

// versioning makes the worker a version of a Worker Deployment with DEPLOYMENT_NAME and BUILD_ID, of a version
// set of its task queue with BUILD_ID alone, and unversioned without both.
func versioning() worker.Options {
	buildID, deployment := os.Getenv("BUILD_ID"), os.Getenv("DEPLOYMENT_NAME")
	switch {
	case deployment == "":
		return worker.Options{BuildID: buildID, UseBuildIDForVersioning: buildID != ""}
	case buildID == "":
		log.Fatal("DEPLOYMENT_NAME is set, so BUILD_ID should be too")
	}
	return worker.Options{DeploymentOptions: worker.DeploymentOptions{
		UseVersioning:             true,
		Version:                   worker.WorkerDeploymentVersion{DeploymentName: deployment, BuildID: buildID},
		DefaultVersioningBehavior: behavior(),
	}}
}

// behavior is that of workflow code that names none of its own.
func behavior() workflow.VersioningBehavior {
	switch name := cmp.Or(os.Getenv("DEFAULT_VERSIONING_BEHAVIOR"), "pinned"); name {
	case "pinned":
		return workflow.VersioningBehaviorPinned
	case "auto-upgrade":
		return workflow.VersioningBehaviorAutoUpgrade
	default:
		log.Fatalf("DEFAULT_VERSIONING_BEHAVIOR is %s, but should be pinned or auto-upgrade", name)
		return workflow.VersioningBehaviorUnspecified
	}
}
