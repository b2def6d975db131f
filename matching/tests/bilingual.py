"""Short CVs and postings written twice, in Spanish and in English, as people write them; for tests of parity."""

CVS = {
    "accountant": (
        "Contaduría Pública",
        "Experiencia\nAuxiliar contable, despacho fiscal\nRegistré pólizas y facturas de proveedores. "
        "Concilié cuentas bancarias cada mes y preparé declaraciones de IVA e ISR.\n"
        "Apoyé en auditorías y en el cierre mensual.\nHabilidades\nExcel, SAP, normas de información financiera",
        "Bachelor of Accounting",
        "Experience\nAccounting assistant, tax firm\nRecorded journal entries and supplier invoices. "
        "Reconciled bank accounts every month and prepared VAT and income tax returns.\n"
        "Helped with audits and the monthly closing.\nSkills\nExcel, SAP, financial reporting standards",
    ),
    "nurse": (
        "Licenciatura en Enfermería",
        "Experiencia\nEnfermera en hospital general\nAdministré medicamentos, tomé signos vitales y curé heridas. "
        "Atendí pacientes de urgencias y llevé el expediente clínico.\nOrienté a familiares sobre el cuidado en casa.",
        "Bachelor of Nursing",
        "Experience\nNurse in a general hospital\nAdministered medication, took vital signs and dressed wounds. "
        "Cared for emergency patients and kept the clinical record.\nAdvised relatives on care at home.",
    ),
    "developer": (
        "Ingeniería en Sistemas Computacionales",
        "Proyectos\nDesarrollé una aplicación web en Python y Django con base de datos PostgreSQL. "
        "Escribí pruebas automáticas y desplegué el servicio con Docker.\n"
        "Experiencia\nPracticante de programación\nCorregí errores y programé servicios REST en Java.",
        "Computer Systems Engineering",
        "Projects\nDeveloped a web application in Python and Django with a PostgreSQL database. "
        "Wrote automated tests and deployed the service with Docker.\n"
        "Experience\nProgramming intern\nFixed bugs and programmed REST services in Java.",
    ),
    "civil engineer": (
        "Ingeniería Civil",
        "Experiencia\nResidente de obra\nSupervisé la construcción de viviendas, revisé planos estructurales y "
        "calculé volúmenes de concreto. Controlé presupuestos y avance de obra.\nHabilidades\nAutoCAD, topografía",
        "Civil Engineering",
        "Experience\nSite engineer\nSupervised the construction of houses, checked structural drawings and "
        "calculated volumes of concrete. Controlled budgets and progress of the works.\nSkills\nAutoCAD, surveying",
    ),
    "teacher": (
        "Licenciatura en Educación Primaria",
        "Experiencia\nMaestra de primaria\nPlaneé clases de lectura y matemáticas, evalué el aprendizaje de los "
        "alumnos y me reuní con padres de familia. Adapté materiales para niños con discapacidad.",
        "Bachelor of Primary Education",
        "Experience\nPrimary school teacher\nPlanned reading and mathematics lessons, assessed the learning of "
        "pupils and met with parents. Adapted materials for children with disabilities.",
    ),
    "marketer": (
        "Licenciatura en Mercadotecnia",
        "Experiencia\nAsistente de mercadotecnia digital\nGestioné campañas en redes sociales, redacté contenido y "
        "analicé resultados con Google Analytics. Hice estudios de mercado y encuestas a clientes.",
        "Bachelor of Marketing",
        "Experience\nDigital marketing assistant\nManaged social media campaigns, wrote content and "
        "analysed results with Google Analytics. Carried out market research and customer surveys.",
    ),
    "logistician": (
        "Ingeniería en Logística",
        "Experiencia\nAuxiliar de almacén\nControlé inventarios, programé rutas de entrega y coordiné con "
        "transportistas. Preparé pedidos de importación y documentos de aduana.",
        "Logistics Engineering",
        "Experience\nWarehouse assistant\nControlled inventories, scheduled delivery routes and coordinated with "
        "carriers. Prepared import orders and customs documents.",
    ),
    "designer": (
        "Diseño Gráfico",
        "Proyectos\nDiseñé logotipos, carteles y empaques con Illustrator y Photoshop. Maqueté una revista y "
        "preparé archivos para impresión. Creé ilustraciones para un sitio web.",
        "Graphic Design",
        "Projects\nDesigned logos, posters and packaging with Illustrator and Photoshop. Laid out a magazine and "
        "prepared files for printing. Created illustrations for a website.",
    ),
    "recruiter": (
        "Licenciatura en Psicología",
        "Experiencia\nAnalista de recursos humanos\nPubliqué vacantes, entrevisté candidatos y apliqué pruebas "
        "psicométricas. Elaboré la nómina y organicé cursos de capacitación.",
        "Bachelor of Psychology",
        "Experience\nHuman resources analyst\nPublished vacancies, interviewed candidates and applied "
        "psychometric tests. Prepared the payroll and organised training courses.",
    ),
    "electrician": (
        "Ingeniería Eléctrica",
        "Experiencia\nTécnico de mantenimiento\nInstalé tableros y motores eléctricos, leí diagramas y medí "
        "corrientes y voltajes. Di mantenimiento preventivo a subestaciones y programé PLC.",
        "Electrical Engineering",
        "Experience\nMaintenance technician\nInstalled electrical panels and motors, read diagrams and measured "
        "currents and voltages. Did preventive maintenance of substations and programmed PLCs.",
    ),
}

POSTINGS = {
    "accountant": (
        "Contador general", "Elaborar estados financieros, declaraciones de impuestos y conciliaciones bancarias.",
        "General accountant", "Prepare financial statements, tax returns and bank reconciliations.",
    ),
    "nurse": (
        "Enfermera de piso", "Cuidar pacientes hospitalizados, aplicar medicamentos y vigilar signos vitales.",
        "Ward nurse", "Care for hospital patients, give medication and monitor vital signs.",
    ),
    "developer": (
        "Desarrollador backend", "Programar servicios web en Python, bases de datos y pruebas automáticas.",
        "Backend developer", "Program web services in Python, databases and automated tests.",
    ),
    "civil engineer": (
        "Supervisor de obra civil", "Supervisar obras, revisar planos, controlar presupuesto y calidad del concreto.",
        "Civil works supervisor", "Supervise building sites, check drawings, control budget and quality of concrete.",
    ),
    "teacher": (
        "Docente de primaria", "Planear e impartir clases a niños, evaluar su aprendizaje y atender a los padres.",
        "Primary teacher", "Plan and teach lessons to children, assess their learning and talk with parents.",
    ),
    "marketer": (
        "Community manager", "Administrar redes sociales, crear contenido y medir campañas de publicidad.",
        "Social media manager", "Run social media, create content and measure advertising campaigns.",
    ),
    "logistician": (
        "Coordinador de logística", "Planear rutas, controlar inventario del almacén y tratar con transportistas.",
        "Logistics coordinator", "Plan routes, control the warehouse inventory and deal with carriers.",
    ),
    "designer": (
        "Diseñador gráfico", "Diseñar carteles, empaques e imagen de marca; preparar archivos para imprenta.",
        "Graphic designer", "Design posters, packaging and brand identity; prepare files for print.",
    ),
    "recruiter": (
        "Especialista en reclutamiento", "Entrevistar candidatos, aplicar pruebas y organizar la capacitación.",
        "Recruitment specialist", "Interview candidates, apply tests and organise training.",
    ),
    "electrician": (
        "Técnico electricista", "Instalar y mantener tableros, motores y subestaciones eléctricas.",
        "Electrical technician", "Install and maintain electrical panels, motors and substations.",
    ),
}  # fmt: skip
