import { ConfigurationError, readEnvironment, type Variables } from "../../server/environment";
import { checkCitiesFolder, checkData } from "./check-kept";
import { checkGateway, checkMachine } from "./check-running";
import { checkNames, checkNode, checkReach, checkSecrets, checkTls } from "./check-settings";
import { lookAround, type Facts } from "./facts";
import { fault, type Finding } from "./finding";

/** What is to be said of what was found. */
export function judge(facts: Facts): Finding[] {
  return [
    checkNode(facts),
    ...checkNames(facts),
    ...checkReach(facts),
    ...checkTls(facts),
    ...checkSecrets(facts),
    ...checkMachine(facts),
    ...checkGateway(facts),
    ...checkData(facts),
    ...checkCitiesFolder(facts),
  ];
}

/** Looks at the installation that variables describe. Where one of them is not valid there is nothing else to look at. */
export async function examine(variables: Variables): Promise<Finding[]> {
  try {
    return judge(await lookAround(readEnvironment(variables), variables));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [fault("environment", error.message, "correct it; a start would be refused")];
  }
}
